import { defineConfig, type ViteUserConfig } from "vitest/config";

// Unit tests stand beside what they test; tests/ holds those that need the whole product, real SDKs or real servers.
const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: "product",
          include: ["tests/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two cores: whole servers side by side would only make each other slow.
          fileParallelism: false,
        },
      },
    ],
  },
});

export default config;
