/** Jest runs the sources as they are (ESM, TypeScript by swc); layers are chosen by path in scripts/test.ts. */
export default {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.passerelle/', '<rootDir>/test/hapi/.*/target/'],
  maxWorkers: 2,
  testTimeout: 60000,
};
