import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { tempDir } from "../../test/support/temp-dir";
import { loadAgentSettings } from "./config";

const dir = tempDir();
afterAll(() => dir.remove());

const load = (stateDir: string, tls: string, path = (file: string) => file) => {
  const file = dir.join("follower.yaml");
  writeFileSync(file, `id: garage\nbus: { url: "mqtts://b:8883", username: garage, ${tls} }\nstateDir: ${stateDir}\n`);
  return loadAgentSettings(path(file));
};

describe("paths in follower.yaml", () => {
  it.each([
    ["absolutely", (file: string) => file],
    ["relatively", (file: string) => relative(process.cwd(), file)],
  ])("start from the folder in which it lies, also when it is named %s", (_, path) => {
    const tls = "tls: { caFile: ca.pem, certFile: pem/cert.pem, keyFile: ../key.pem, rejectUnauthorized: true }";
    expect(load("garage-state", tls, path)).toMatchObject({
      stateDir: dir.join("garage-state"),
      bus: {
        username: "garage",
        keepAliveS: 10,
        tls: {
          caFile: dir.join("ca.pem"),
          certFile: dir.join("pem", "cert.pem"),
          keyFile: dir.join("..", "key.pem"),
          rejectUnauthorized: true,
        },
      },
    });
  });

  it("stay as they are when they are absolute, and none is made up", () => {
    expect(load("/var/lib/skein-agent", "tls: { caFile: /etc/ca.pem }")).toMatchObject({
      stateDir: "/var/lib/skein-agent",
      bus: { tls: { caFile: "/etc/ca.pem" } },
    });
    expect(load("/var/lib/skein-agent", "tls: {}").bus.tls).toEqual({});
    expect(load("/var/lib/skein-agent", "").bus).not.toHaveProperty("tls");
  });
});
