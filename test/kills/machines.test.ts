import { sampleOf } from "./sample";

sampleOf("machines");
