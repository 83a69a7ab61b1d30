import { describe, expect, test } from 'vitest'
import { ByteBudget } from '../../../../src-main/hdf5/writing/byte-budget.ts'

/** Runs what is already due, without waiting for time. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve()
}

describe('bytes in flight', () => {
  test('wait for room, first come first served', async () => {
    const budget = new ByteBudget(10)
    const order: string[] = []
    await budget.take(8)
    void budget.take(5).then(() => order.push('five'))
    void budget.take(1).then(() => order.push('one'))
    await settle()
    expect(order).toEqual([])
    budget.give(8)
    await settle()
    expect(order).toEqual(['five', 'one'])
    expect(budget.taken).toBe(6)
  })

  test('something larger than the budget passes alone', async () => {
    const budget = new ByteBudget(10)
    await budget.take(1)
    let passed = false
    const large = budget.take(1000).then(() => (passed = true))
    await settle()
    expect(passed).toBe(false)
    budget.give(1)
    await large
    expect(budget.taken).toBe(1000)
  })

  test('a failure ends all waiting, now and later', async () => {
    const budget = new ByteBudget(1)
    await budget.take(1)
    const waiting = budget.take(1)
    const error = new Error('disk is gone')
    budget.fail(error)
    budget.fail(new Error('another'))
    await expect(waiting).rejects.toBe(error)
    await expect(budget.take(0)).rejects.toBe(error)
  })
})
