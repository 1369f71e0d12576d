import { describeInstallation } from "./installation";

describeInstallation("bios", "lvm");
