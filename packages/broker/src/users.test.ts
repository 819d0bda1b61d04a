import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { seededRandom, silentLogger, systemRandom } from "@skein/kit";
import { startBroker } from "./broker";
import { type House, createHouse } from "./testing-house";
import { createUser, createUsers, ownerOfClientId, readUsers, removeUser, verifyUser, watchedUsers } from "./users";

describe("The bus's users", () => {
  let house: House;
  beforeEach(() => {
    house = createHouse();
  });
  afterEach(() => house.close());

  it("are known by their password, which stands nowhere", () => {
    const { username, password } = createUser(house.usersFile, { role: "follower", id: "hall" }, systemRandom);
    const users = readUsers(house.usersFile);
    expect(verifyUser(users, username, password)).toMatchObject({ role: "follower", id: "hall" });
    expect(verifyUser(users, username, `${password}x`)).toBeUndefined();
    expect(verifyUser(users, username, undefined)).toBeUndefined();
    expect(verifyUser(users, "kitchen", password)).toBeUndefined();
    expect(verifyUser(users, undefined, undefined)).toBeUndefined();
    expect(readFileSync(house.usersFile, "utf8")).not.toContain(password);
    expect(Buffer.from(password, "base64url")).toHaveLength(24);
  });

  it("are kept from others on the machine", () => {
    chmodSync(house.usersFile, 0o644);
    createUser(house.usersFile, { role: "follower", id: "hall" }, systemRandom);
    expect(statSync(house.usersFile).mode & 0o777).toBe(0o600);
  });

  it("get a new password by being made again, and are gone when removed", () => {
    const first = createUser(house.usersFile, { role: "follower", id: "hall" }, systemRandom);
    const second = createUser(house.usersFile, { role: "follower", id: "hall" }, systemRandom);
    expect(verifyUser(readUsers(house.usersFile), "hall", first.password)).toBeUndefined();
    expect(verifyUser(readUsers(house.usersFile), "hall", second.password)).toBeDefined();
    removeUser(house.usersFile, "hall");
    expect(readUsers(house.usersFile)).not.toHaveProperty("hall");
    expect(readUsers(house.usersFile)).toHaveProperty("kitchen");
  });

  it.each([
    ["follower", "leader"],
    ["follower", "flows"],
    ["follower", "Hall"],
    ["follower", "a/b"],
    ["leader", "hall"],
    ["flows", "leader"],
  ] as const)("cannot be a %s called %s", (role, id) => {
    expect(() => createUser(house.usersFile, { role, id }, seededRandom(1))).toThrow(
      expect.objectContaining({ code: "BUS_USER_INVALID" }) as Error,
    );
  });

  it("keep their role: nobody becomes another by being called like it", () => {
    const before = readUsers(house.usersFile);
    for (const [role, id] of [
      ["follower", "flow-host"],
      ["flows", "kitchen"],
    ] as const)
      expect(() => createUser(house.usersFile, { role, id }, systemRandom)).toThrow(/is already on the bus, as a/);
    expect(readUsers(house.usersFile)).toEqual(before);
  });

  it("are made together in one write, or none of them", () => {
    const newcomers = [
      { role: "follower", id: "hall" },
      { role: "follower", id: "garden" },
    ] as const;
    const logins = createUsers(house.usersFile, newcomers, systemRandom);
    const users = readUsers(house.usersFile);
    expect(logins.map(({ username, password }) => verifyUser(users, username, password)?.id)).toEqual([
      "hall",
      "garden",
    ]);
    expect(() =>
      createUsers(
        house.usersFile,
        [
          { role: "follower", id: "shed" },
          { role: "flows", id: "hall" },
        ],
        systemRandom,
      ),
    ).toThrow();
    expect(readUsers(house.usersFile)).toEqual(users);
  });

  it("own the client ids that begin with their name, the longest name first", () => {
    createUser(house.usersFile, { role: "follower", id: "attic-2" }, systemRandom);
    const users = readUsers(house.usersFile);
    const owners = [
      "skein-attic",
      "skein-attic-x",
      "skein-attic-2",
      "skein-attic-2-x",
      "skein-atticx",
      "attic",
      "skein-",
      "skein-constructor",
    ];
    expect(owners.map((id) => ownerOfClientId(users, id))).toEqual([
      "attic",
      "attic",
      "attic-2",
      "attic-2",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("stay as they were when the file is away for a moment, as when an editor saves by renaming", () => {
    const watched = watchedUsers(house.usersFile, silentLogger);
    renameSync(house.usersFile, `${house.usersFile}~`);
    expect(Object.keys(watched.refresh())).toContain("kitchen");
    renameSync(`${house.usersFile}~`, house.usersFile);
    expect(Object.keys(watched.refresh())).toContain("kitchen");
  });

  it.each`
    text                                                                         | because
    ${"{}"}                                                                      | ${'there is no "users" in it'}
    ${'{"users":{"attic":{"role":"folower","id":"attic","hash":"sha256$a$b"}}}'} | ${'"attic" lacks a role'}
  `("lose nobody to a slip in the file: $because", ({ text, because }) => {
    writeFileSync(house.usersFile, text);
    expect(() => readUsers(house.usersFile)).toThrow(
      expect.objectContaining({ code: "BUS_USERS_UNREADABLE", message: expect.stringContaining(because) }) as Error,
    );
  });

  it("stay as they were when the file is broken for a while, and are an error at the beginning", () => {
    const watched = watchedUsers(house.usersFile, silentLogger);
    const good = readFileSync(house.usersFile, "utf8");
    writeFileSync(house.usersFile, "{ half");
    expect(Object.keys(watched.refresh())).toContain("kitchen");
    expect(() => watchedUsers(house.usersFile, silentLogger)).toThrow(
      expect.objectContaining({ code: "BUS_USERS_UNREADABLE" }) as Error,
    );
    writeFileSync(house.usersFile, good);
    removeUser(house.usersFile, "kitchen");
    expect(Object.keys(watched.refresh())).not.toContain("kitchen");
  });

  it("are thrown off as soon as they are removed, and may come as soon as they are made", async () => {
    const broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    try {
      house.port = broker.port;
      const kitchen = await house.client("kitchen", { clean: false });
      await kitchen.subscribeAsync("skein/v1/leader/#", { qos: 1 });
      const closed = new Promise<void>((resolve) => kitchen.once("close", () => resolve()));
      removeUser(house.usersFile, "kitchen");
      await closed;
      await expect(house.client("kitchen")).rejects.toThrow();
      const { password } = createUser(house.usersFile, { role: "follower", id: "hall" }, systemRandom);
      await house.client("hall", { password });
      expect(broker.stats()).toMatchObject({ clients: 1, stored: { sessions: 0 } });
    } finally {
      await broker.close();
    }
  });

  it("are thrown off when their client id comes to belong to another, and never act as that one", async () => {
    const broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    try {
      house.port = broker.port;
      const leader = await house.client("leader");
      const heard: string[] = [];
      leader.on("message", (topic) => heard.push(topic));
      await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
      const attic = await house.client("attic", { clientId: "skein-attic-2-x" });
      const closed = new Promise<void>((resolve) => attic.once("close", () => resolve()));
      const { password } = createUser(house.usersFile, { role: "follower", id: "attic-2" }, systemRandom);
      // Logs in, so that the broker has certainly read the file.
      const other = await house.client("attic-2", { password });
      attic.publish("skein/v1/followers/attic-2/heartbeat", "lie", { qos: 1 });
      await closed;
      await other.publishAsync("skein/v1/followers/attic-2/replies/leader", "truth", { qos: 1 });
      await house.client("attic", { clientId: "skein-attic-x" });
      expect(heard).toEqual(["skein/v1/followers/attic-2/replies/leader"]);
    } finally {
      await broker.close();
    }
  });
});
