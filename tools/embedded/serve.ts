/** `serve.ts DIRECTORY PORT`: a static HTTP server, enough for apt and the Debian installer. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** The file that a request means; undefined when it lies outside the folder or the path is malformed. */
export function fileOf(folder: string, target: string): string | undefined {
  try {
    const path = join(resolve(folder), decodeURIComponent(target.replace(/[?#].*$/, "")));
    return path.startsWith(resolve(folder) + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number): unknown => response.writeHead(status, { "content-length": 0 }).end();
  if (request.method !== "GET" && request.method !== "HEAD") return void end(405);
  const path = fileOf(folder, request.url ?? "/");
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !info?.isFile()) return void end(404);
  // HTTP dates have whole seconds.
  const modified = Math.floor(info.mtimeMs / 1000) * 1000;
  if (Date.parse(request.headers["if-modified-since"] ?? "") >= modified) return void end(304);
  response.writeHead(200, { "content-length": info.size, "last-modified": new Date(modified).toUTCString() });
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(path), response);
}

export function serve(folder: string, port: number, address: string): ReturnType<typeof createServer> {
  return createServer((request, response) => {
    answer(folder, request, response).catch(() => response.destroy());
  }).listen(port, address);
}

if (require.main === module) {
  const [folder, port] = process.argv.slice(2);
  if (folder === undefined || !port) throw new Error("usage: serve.ts DIRECTORY PORT");
  serve(folder, Number(port), "0.0.0.0").on("listening", () => console.log("listening"));
}
