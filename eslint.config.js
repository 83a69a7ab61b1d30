import { defineConfig } from 'eslint/config'
import pluginVue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** Rules of the design's style that a machine can check; all are errors. Layout is Prettier's. */

const typescriptFiles = ['**/*.ts', '**/*.vue']
const bottomRooms = ['src-main/hdf5/**', 'src-main/read/**', 'src-main/write/**', 'src-main/job-process/**']

const countCode = { skipBlankLines: false, skipComments: false }

/** Every `no-restricted-syntax` selector: the rule is replaced, not merged, where it is given twice. */
const everywhere = [
  { selector: 'TSEnumDeclaration', message: 'No enum: use a union of literals.' },
  { selector: 'TSParameterProperty[accessibility="public"]', message: 'Leave out `public`.' },
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'No empty catch: say why, and do something.',
  },
]

const fourth =
  ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[params.length=4] > .params:last-child'

/** Three parameters, then at most an options object. */
const noFourParameters = {
  selector: `${fourth}:not(ObjectPattern, AssignmentPattern, Identifier[name="options"])`,
  message: 'Three parameters, then an options object (named `options` or destructured).',
}

const noInnerHtml = {
  selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
  message: 'Text from files is never HTML.',
}

const noBareIpc = {
  selector:
    'CallExpression[callee.object.name="ipcMain"][callee.property.name=/^(on|once|handle|handleOnce)$/]',
  message: 'Only bridge/handle.ts touches ipcMain: it checks the sender and the arguments.',
}

const noSystemModules = {
  paths: ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'].map((name) => ({
    name,
    message: 'File operations go through the one port, src-main/hdf5/disk/.',
  })),
  patterns: [{ group: ['electron', 'electron/*'], message: 'No electron below the bridge.' }],
}

export default defineConfig(
  { ignores: ['out/', 'dist/', '.cache/', 'node_modules/', 'coverage/', 'test-results/'] },
  {
    files: typescriptFiles,
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.web.json', './tsconfig.e2e.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400, ...countCode }],
      'max-lines-per-function': ['error', { max: 60, ...countCode }],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-eval': 'error',
      // The bundler takes these names for CommonJS and puts its own definitions beside ours.
      'id-denylist': ['error', 'require', 'module', 'exports', '__dirname', '__filename'],
      'no-new-func': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...everywhere, noFourParameters, noInnerHtml, noBareIpc],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers in messages are what most messages are made of.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // An inferred `number` beside its literal says nothing new, but a parameter's default often wants its type.
      '@typescript-eslint/no-inferrable-types': 'off',
      // noUncheckedIndexedAccess makes `!` the honest form for an index that the loop itself bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Arrow functions whose value is nobody's business are the usual form of a callback.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Methods of a port may be async without awaiting anything.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Text is cut by code points here, and on purpose.
      '@typescript-eslint/no-misused-spread': 'off',
      // Counted loops over typed arrays are the fast ones.
      '@typescript-eslint/prefer-for-of': 'off',
      // What was caught is passed on as it came.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
    },
  },
  {
    files: bottomRooms.map((room) => `${room}/*.ts`),
    ignores: ['src-main/hdf5/disk/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', noSystemModules] },
  },
  {
    files: ['src-main/hdf5/disk/**/*.ts', 'src-main/cli/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: noSystemModules.patterns }] },
  },
  {
    files: ['src-main/bridge/handle.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, noFourParameters, noInnerHtml] },
  },
  {
    files: ['**/*.vue'],
    extends: [...pluginVue.configs['flat/recommended']],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        project: ['./tsconfig.web.json'],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 250, ...countCode }],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // Layout is Prettier's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A `describe` is as long as its tests are many.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      // What vitest's asymmetric matchers are typed as.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // The linter does not see what a .vue file exports; vue-tsc does.
    files: ['src-renderer/main.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400, ...countCode }],
      'max-lines-per-function': ['error', { max: 60, ...countCode }],
      'max-params': ['error', 3],
      'no-restricted-syntax': ['error', everywhere[2]],
      'no-unused-vars': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
)
