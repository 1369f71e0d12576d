import { describeInstallation } from "./installation";

describeInstallation({ firmware: "uefi", layout: "whole", hostKeys: "made" });
