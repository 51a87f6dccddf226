"""Rhythms made by hand, and what the wrist detector makes of them."""

import math

import numpy as np
from backstep.core import settings
from backstep.core.wrist.wrist import Wrist
from found_events import found_events

RATE = 52


def detected(samples, rate=RATE, gaps=()):
    return found_events(Wrist(rate, settings.defaults(), "sensor"), samples, gaps)


def bounce(step_hz, seconds, amplitude_mg=200, stride_mg=0, rate=RATE):
    """A vertical rhythm of steps and, of half the frequency, strides."""
    t = np.arange(int(seconds * rate)) / rate
    up = amplitude_mg * np.sin(2 * math.pi * step_hz * t) + stride_mg * np.sin(math.pi * step_hz * t + 0.7)
    rows = np.zeros((len(t), 6))
    rows[:, 2] = 1000 + up
    return np.rint(rows).astype(int)


def still(seconds):
    return np.tile([0, 0, 1000, 0, 0, 0], (int(seconds * RATE), 1))


def carried(step_hz, seconds, up_mg, bump_mg=0, turn_ddps=0):
    """A hand with something in it: up and down once a step and, by the push-off, twice; it turns once a stride."""
    t = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * math.pi * step_hz * t
    rows = np.zeros((len(t), 6))
    rows[:, 2] = 1000 + up_mg * np.sin(phase) + bump_mg * np.sin(2 * phase + 0.5)
    rows[:, 4] = turn_ddps * np.sin(phase / 2)
    return np.rint(rows).astype(int)
