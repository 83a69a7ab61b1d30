// The WebAssembly of src-main/hdf5/filters/kernels, as text: what is unrolled there is written here once. `npm run kernels` makes the binary.

const select = (choose) => Array.from({ length: 16 }, (_, index) => choose(index)).join(' ')
const masks = {
  even: select((index) => 2 * index),
  odd: select((index) => 2 * index + 1),
  low: select((index) => (index % 2 === 0 ? index / 2 : 16 + (index - 1) / 2)),
  high: select((index) => (index % 2 === 0 ? 8 + index / 2 : 24 + (index - 1) / 2)),
}

const count = (length, make) => Array.from({ length }, (_, index) => make(index)).join('\n      ')
const shuffled = (target, mask, [one, other]) =>
  `(local.set $${target} (i8x16.shuffle ${masks[mask]} (local.get $${one}) (local.get $${other})))`

/** One round over n vectors: bytes at even places in the first half, at odd places in the second. */
const takeApart = (n, index, { from, to }) => [
  shuffled(`${to}${index}`, 'even', [`${from}${2 * index}`, `${from}${2 * index + 1}`]),
  shuffled(`${to}${index + n / 2}`, 'odd', [`${from}${2 * index}`, `${from}${2 * index + 1}`]),
]
/** The way back. */
const putTogether = (n, index, { from, to }) => [
  shuffled(`${to}${2 * index}`, 'low', [`${from}${index}`, `${from}${index + n / 2}`]),
  shuffled(`${to}${2 * index + 1}`, 'high', [`${from}${index}`, `${from}${index + n / 2}`]),
]

/** log2(n) rounds from the locals a0, a1, ... ; tells which locals hold the result. */
function makeRounds(n, round) {
  const lines = []
  let [from, to] = ['a', 'b']
  for (let done = 1; done < n; done *= 2) {
    for (let index = 0; index < n / 2; index += 1) lines.push(...round(n, index, { from, to }))
    ;[from, to] = [to, from]
  }
  return { text: lines.join('\n      '), last: from }
}

const declareVectors = (n) =>
  ['a', 'b'].map((set) => count(n, (index) => `(local $${set}${index} v128)`)).join('\n      ')
const step = (name, bytes) => `(local.set $${name} (i32.add (local.get $${name}) ${bytes}))`
const loadRows = (n, base, stride) =>
  count(
    n,
    (index) => `${index > 0 ? step(base, `(local.get $${stride})`) : ''}
      (local.set $a${index} (v128.load (local.get $${base})))`,
  )
const storeRows = (n, set, { base, stride }) =>
  count(
    n,
    (index) => `${index > 0 ? step(base, `(local.get $${stride})`) : ''}
      (v128.store (local.get $${base}) (local.get $${set}${index}))`,
  )

/** 16 elements of n bytes become 16 bytes in each of n planes, `count` bytes apart; up to `stop` in the first plane. */
function makeSplit(n) {
  const { text, last } = makeRounds(n, takeApart)
  return `(func (export "split${n}") (param $from i32) (param $to i32) (param $count i32) (param $stop i32)
      ${declareVectors(n)}
      (local $at i32)
      (loop $next
      ${count(n, (index) => `(local.set $a${index} (v128.load offset=${16 * index} (local.get $from)))`)}
      ${text}
      (local.set $at (local.get $to))
      ${storeRows(n, last, { base: 'at', stride: 'count' })}
      ${step('from', `(i32.const ${16 * n})`)}
      ${step('to', '(i32.const 16)')}
      (br_if $next (i32.lt_u (local.get $to) (local.get $stop)))))`
}

/** The way back; up to `stop` in the first plane. */
function makeJoin(n) {
  const { text, last } = makeRounds(n, putTogether)
  return `(func (export "join${n}") (param $from i32) (param $to i32) (param $count i32) (param $stop i32)
      ${declareVectors(n)}
      (local $at i32)
      (loop $next
      (local.set $at (local.get $from))
      ${loadRows(n, 'at', 'count')}
      ${text}
      ${count(n, (index) => `(v128.store offset=${16 * index} (local.get $to) (local.get $${last}${index}))`)}
      ${step('to', `(i32.const ${16 * n})`)}
      ${step('from', '(i32.const 16)')}
      (br_if $next (i32.lt_u (local.get $from) (local.get $stop)))))`
}

/** A row of blocks of 16 x 16 bytes of a matrix, turned: `columns` and `rows` are the strides of source and target. */
function makeTurn() {
  const { text, last } = makeRounds(16, putTogether)
  return `(func (export "turn") (param $from i32) (param $to i32) (param $columns i32) (param $rows i32) (param $stop i32)
      ${declareVectors(16)}
      (local $at i32)
      (loop $next
      (local.set $at (local.get $from))
      ${loadRows(16, 'at', 'columns')}
      ${text}
      (local.set $at (local.get $to))
      ${storeRows(16, last, { base: 'at', stride: 'rows' })}
      ${step('from', '(i32.const 16)')}
      ${step('to', '(i32.shl (local.get $rows) (i32.const 4))')}
      (br_if $next (i32.lt_u (local.get $from) (local.get $stop)))))`
}

const lane = (name, index) => `(i64.extend_i32_u (i32x4.extract_lane ${index} (local.get $${name})))`
const sumLanes = (name) =>
  `(i64.add (i64.add ${lane(name, 0)} ${lane(name, 1)}) (i64.add ${lane(name, 2)} ${lane(name, 3)}))`
const foldOnce =
  '(i64.add (i64.and (local.get $sum) (i64.const 65535)) (i64.shr_u (local.get $sum) (i64.const 16)))'

/**
 * The two sums of Fletcher-32 over 16-bit words as the machine has them, onto `low` and `high`: low, and high shifted by 16.
 * Of each block of at most 128 vectors: $a sums of its words, $b sums of $a before each vector, $w the words by their weight in a vector.
 * None of them leaves 32 bits.
 */
const sum = `(func $fold (param $sum i64) (result i64)
      ${count(4, () => `(local.set $sum ${foldOnce})`)}
      (local.get $sum))
    (func (export "sum") (param $from i32) (param $stop i32) (param $low i32) (param $high i32) (result i64)
      (local $a v128) (local $b v128) (local $w v128) (local $v v128) (local $end i32)
      (local $s1 i64) (local $s2 i64) (local $n i64)
      (local.set $s1 (i64.extend_i32_u (local.get $low)))
      (local.set $s2 (i64.extend_i32_u (local.get $high)))
      (block $done (loop $block
        (br_if $done (i32.ge_u (local.get $from) (local.get $stop)))
        (local.set $end (i32.add (local.get $from) (i32.const 2048)))
        (if (i32.gt_u (local.get $end) (local.get $stop)) (then (local.set $end (local.get $stop))))
        (local.set $n (i64.extend_i32_u (i32.shr_u (i32.sub (local.get $end) (local.get $from)) (i32.const 1))))
        ${['a', 'b', 'w'].map((name) => `(local.set $${name} (v128.const i32x4 0 0 0 0))`).join(' ')}
        (loop $next
          (local.set $v (v128.load (local.get $from)))
          (local.set $b (i32x4.add (local.get $b) (local.get $a)))
          (local.set $a (i32x4.add (local.get $a) (i32x4.extadd_pairwise_i16x8_u (local.get $v))))
          (local.set $w (i32x4.add (local.get $w) (i32x4.add
            (i32x4.extmul_low_i16x8_u (local.get $v) (v128.const i16x8 8 7 6 5 4 3 2 1))
            (i32x4.extmul_high_i16x8_u (local.get $v) (v128.const i16x8 8 7 6 5 4 3 2 1)))))
          ${step('from', '(i32.const 16)')}
          (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
        (local.set $s2 (i64.add (local.get $s2) (i64.add (i64.mul (local.get $n) (local.get $s1))
          (i64.add (i64.mul (i64.const 8) ${sumLanes('b')}) ${sumLanes('w')}))))
        (local.set $s1 (call $fold (i64.add (local.get $s1) ${sumLanes('a')})))
        (local.set $s2 (call $fold (local.get $s2)))
        (br $block)))
      (i64.or (local.get $s1) (i64.shl (local.get $s2) (i64.const 16))))`

/** The module as text. */
export function composeWat() {
  const parts = [sum, ...[2, 4, 8].flatMap((n) => [makeSplit(n), makeJoin(n)]), makeTurn()]
  return `(module
    (memory (export "memory") 1)
    ${parts.join('\n    ')})`
}
