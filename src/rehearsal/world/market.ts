import { stableFraction } from './identifiers.ts';
import { findInstanceType } from './instance-types.ts';

/** An instance type in a zone: the unit of spot capacity and price. */
export interface Pool {
  readonly type: string;
  readonly zone: string;
}

export interface PricePoint {
  /** From when on the price holds. */
  readonly at: Date;
  /** USD an hour. */
  readonly price: number;
}

/** The weather of the spot market: pure, so that a scenario can be another one. */
export interface Market {
  /** The price in force at a moment. */
  readonly priceAt: (pool: Pool, at: Date) => number;
  /** The changes between two moments, newest first, and the one that was in force at the beginning. */
  readonly history: (pool: Pool, from: Date, to: Date) => readonly PricePoint[];
  /** How many more machines the pool has room for, when `running` run there. */
  readonly room: (pool: Pool, running: number, at: Date) => number;
}

const hour = 3_600_000;
/** A pool's price changes every so often; AWS changes it gradually, some times a day. */
const period = 8 * hour;

/** A calm market: room everywhere, prices at 28–48 % of on-demand that drift by a few percent. */
export const calmMarket: Market = {
  priceAt: (pool, at) => price(pool, Math.floor(at.getTime() / period)),
  history: (pool, from, to) => {
    const points: PricePoint[] = [];
    const first = Math.floor(from.getTime() / period);
    for (let index = Math.floor(to.getTime() / period); index >= first; index--) {
      points.push({ at: new Date(index * period), price: price(pool, index) });
    }
    return points;
  },
  room: () => Number.POSITIVE_INFINITY,
};

function price(pool: Pool, index: number): number {
  const onDemand = findInstanceType(pool.type)?.onDemandPrice ?? 0;
  const level = 0.3 + 0.16 * stableFraction('level', pool.type, pool.zone);
  const drift = 0.04 * (stableFraction('drift', pool.type, pool.zone, String(index)) - 0.5);
  return Number((onDemand * (level + drift)).toFixed(4));
}
