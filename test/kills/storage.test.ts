import { sampleOf } from "./sample";

sampleOf("storage");
