import { importOverrides } from './tools/lint/importRules.mjs'

export default {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['out', '.cache', 'node_modules', 'test-results', 'test/fixtures', 'assets'],
  env: { builtin: true, es2024: true },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/await-thenable': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/return-await': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'no-console': 'error',
    'no-eval': 'error',
    'no-unused-vars': [
      'error',
      { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', varsIgnorePattern: '^_' },
    ],
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    // The compiler checks this better (noImplicitReturns).
    'typescript/consistent-return': 'off',
    // Texts with control characters are what some of the code is about.
    'no-control-regex': 'off',
    // Code points are what is meant where a string is spread.
    'typescript/no-misused-spread': 'off',
    // Tables hold functions written as methods; nothing here uses `this`.
    'typescript/unbound-method': 'off',
    // Byte layouts are written as one array of spread parts.
    'unicorn/no-useless-spread': 'off',
    // Matters of taste that would cost more than they bring.
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': 'off',
    'no-underscore-dangle': 'off',
    'promise/always-return': 'off',
    'promise/no-callback-in-promise': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/no-array-sort': 'off',
    // Ports and utility processes post messages too, and have no target origin.
    'unicorn/require-post-message-target-origin': 'off',
    'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
  },
  overrides: [
    {
      files: ['src/renderer/**/*.{ts,tsx}'],
      plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'react', 'jsx-a11y'],
      rules: {
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        'react/no-danger': 'error',
        // The JSX runtime is automatic.
        'react/react-in-jsx-scope': 'off',
      },
    },
    {
      // What a process has to say when it has no window to say it in.
      files: ['src/main/**', 'src/engine/process.ts', 'src/report/process.ts'],
      rules: { 'no-console': ['error', { allow: ['error'] }] },
    },
    { files: ['src/cli/**', 'tools/**', 'test/**'], rules: { 'no-console': 'off' } },
    {
      // A test may say what it knows better than the compiler: if it is wrong, it fails.
      files: ['test/**'],
      rules: { 'typescript/no-unsafe-type-assertion': 'off' },
    },
    {
      // An empty import is what makes a declaration file a module.
      files: ['**/*.d.ts'],
      rules: { 'unicorn/require-module-specifiers': 'off', 'import/no-empty-named-blocks': 'off' },
    },
    { files: ['*.config.{ts,mjs}'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['src/shared/**'],
      rules: {
        'no-restricted-globals': ['error', 'window', 'document', 'navigator', 'process', 'Buffer'],
      },
    },
    {
      files: ['src/engine/**', 'src/store/**', 'src/report/**', 'src/main/**', 'src/cli/**'],
      rules: { 'no-restricted-globals': ['error', 'window', 'document', 'navigator'] },
    },
    {
      files: ['src/renderer/**'],
      rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'require'] },
    },
    ...importOverrides(),
  ],
}
