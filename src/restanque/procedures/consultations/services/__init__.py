"""Writes of the consultations: `lists`, `dispatches`, `opinions`, `steps`."""
