import { sampleOf } from "./sample";

sampleOf("networks");
