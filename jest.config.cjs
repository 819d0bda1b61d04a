/** One jest for the whole tree: sources are compiled by swc, our packages are read from their src, not from dist. */
module.exports = {
  testMatch: ["<rootDir>/{packages,nodes,runtime,follower-agents,firmware,flows,test}/**/*.test.ts"],
  // Below this folder only: the clone itself may lie in /var/tmp.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/(.+/)?(dist|\\.tsbuild|var)/"],
  modulePathIgnorePatterns: ["<rootDir>/var/", "<rootDir>/.cache/"],
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript", tsx: false } }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^@skein/palette/editor$": "<rootDir>/packages/palette/src/editor/index.ts",
    "^@skein/kasa/emulator$": "<rootDir>/packages/kasa/src/emulator/index.ts",
    "^@skein/(bus|broker|contracts|fleet|history|kasa|kit|liveness|palette|stm32-link|virtual-home)$":
      "<rootDir>/packages/$1/src/index.ts",
    "^@skein/(bus|broker|contracts|fleet|history|kasa|kit|liveness|palette|stm32-link|virtual-home)/(.+)$":
      "<rootDir>/packages/$1/src/$2.ts",
  },
  testEnvironment: "node",
  // Longer than anything waits (test/support/eventually.ts), so that what fails says what it waited for.
  testTimeout: 60_000,
};
