import { describeInstallation } from "./installation";

describeInstallation({ firmware: "bios", layout: "lvm", hostKeys: "given" });
