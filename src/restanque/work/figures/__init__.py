"""Pictures of the room: the plan of tasks, the workload."""

from restanque.work.figures.gantt import GanttPanel, Range
from restanque.work.figures.heat import HeatPanel

__all__ = ["GanttPanel", "HeatPanel", "Range"]
