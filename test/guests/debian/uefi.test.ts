import { describeInstallation } from "./installation";

describeInstallation("uefi", "whole");
