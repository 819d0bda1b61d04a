import { DatabaseSync } from "node:sqlite";
import { migrate, MIGRATIONS, refuseNewer, versionOf } from "./schema";

describe("The file's version", () => {
  const later = [
    ...MIGRATIONS,
    "ALTER TABLE event ADD COLUMN mood TEXT",
    "CREATE TABLE later (id INTEGER PRIMARY KEY)",
  ];
  let db: DatabaseSync;
  beforeEach(() => (db = new DatabaseSync(":memory:")));
  afterEach(() => db.close());

  it("goes forward step by step, and what was there stays", () => {
    migrate(db);
    db.exec("INSERT INTO event (id, at, type, severity, audit, text) VALUES (1, 1, 'login', 'info', 1, 'in')");
    migrate(db, later);
    expect(versionOf(db)).toBe(later.length);
    expect({ ...db.prepare("SELECT text, mood FROM event").get() }).toEqual({ text: "in", mood: null });
    migrate(db, later);
    expect(versionOf(db)).toBe(later.length);
  });

  it("stays where it was when a step fails, whole", () => {
    migrate(db);
    const broken = [...MIGRATIONS, "CREATE TABLE half (id INTEGER); CREATE TABLE event (id INTEGER)"];
    expect(() => migrate(db, broken)).toThrow("already exists");
    expect(versionOf(db)).toBe(MIGRATIONS.length);
    expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
  });

  it("is refused when a newer program wrote it", () => {
    migrate(db, later);
    expect(() => refuseNewer(db, "history.db")).toThrow(expect.objectContaining({ code: "HISTORY_TOO_NEW" }) as Error);
  });
});
