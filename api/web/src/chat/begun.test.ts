import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { begunBeforeReload, rememberBegun } from './begun';

class Visit implements PerformanceEntry {
  readonly entryType = 'navigation';
  readonly name = 'https://proxie.example/app/';
  readonly startTime = 0;
  readonly duration = 0;
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }

  toJSON(): unknown {
    return { type: this.type };
  }
}

function comeBy(type: string): void {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([new Visit(type)]);
}

beforeEach(() => {
  vi.stubGlobal('PerformanceNavigationTiming', Visit);
  sessionStorage.clear();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('goes on, once, with what had just begun when the page was reloaded', () => {
  rememberBegun('s-1');
  comeBy('reload');
  expect(begunBeforeReload()).toBe('s-1');
  expect(begunBeforeReload()).toBeNull();
});

it('goes nowhere when somebody comes by an address', () => {
  rememberBegun('s-1');
  comeBy('navigate');
  expect(begunBeforeReload()).toBeNull();
});

it('goes nowhere when it had begun long before', () => {
  vi.useFakeTimers();
  rememberBegun('s-1');
  vi.advanceTimersByTime(6_000);
  comeBy('reload');
  expect(begunBeforeReload()).toBeNull();
});

it('goes nowhere by what somebody else has put there', () => {
  comeBy('reload');
  for (const kept of ['null', '{', '[]', '{"sessionId":1,"at":0}']) {
    sessionStorage.setItem('proxie.begun', kept);
    expect(begunBeforeReload()).toBeNull();
  }
});
