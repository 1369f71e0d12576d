#!/usr/bin/env node
import { keepCompiled } from "../host/compile-cache";

keepCompiled();
// Loaded afterwards, so that it is kept, too.
void import("./main.js").then(({ main }) => main(process.argv.slice(2)));
