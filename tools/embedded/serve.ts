/** `serve.ts DIRECTORY PORT`: a static HTTP server, enough for apt and the Debian installer. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** The file of a request; undefined if it is outside the directory or the path is malformed. */
export function fileOf(directory: string, target: string): string | undefined {
  try {
    const path = join(resolve(directory), decodeURIComponent(target.replace(/[?#].*$/, "")));
    return path.startsWith(resolve(directory) + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function answer(directory: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number): unknown => response.writeHead(status, { "content-length": 0 }).end();
  if (request.method !== "GET" && request.method !== "HEAD") return void end(405);
  const path = fileOf(directory, request.url ?? "/");
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !info?.isFile()) return void end(404);
  // HTTP dates have whole seconds.
  const modified = Math.floor(info.mtimeMs / 1000) * 1000;
  if (Date.parse(request.headers["if-modified-since"] ?? "") >= modified) return void end(304);
  response.writeHead(200, { "content-length": info.size, "last-modified": new Date(modified).toUTCString() });
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(path), response);
}

export function serve(directory: string, port: number, address: string): ReturnType<typeof createServer> {
  return createServer((request, response) => {
    answer(directory, request, response).catch(() => response.destroy());
  }).listen(port, address);
}

if (require.main === module) {
  const [directory, port] = process.argv.slice(2);
  if (directory === undefined || !port) throw new Error("usage: serve.ts DIRECTORY PORT");
  serve(directory, Number(port), "0.0.0.0").on("listening", () => console.log("listening"));
}
