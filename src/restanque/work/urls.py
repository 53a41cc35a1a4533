"""URLs of the room."""

from django.urls import include, path

from restanque.work.views import people, plan, sharing, tasks

app_name = "work"
urlpatterns = [
    path("budget/", include("restanque.work.budget.urls")),
    path("taches/", tasks.LIST, name="tasks"),
    path("taches/ajouter/", tasks.create, name="task-create"),
    path("taches/<int:pk>/", tasks.task, name="task"),
    path("taches/<int:pk>/modifier/", tasks.edit, name="task-edit"),
    path("taches/<int:pk>/etat/", tasks.state, name="task-state"),
    path("taches/<int:pk>/charge/", sharing.shares, name="task-shares"),
    path("taches/<int:pk>/avant/", sharing.link, name="task-link"),
    path("taches/<int:pk>/avant/<int:before>/retirer/", sharing.unlink, name="task-unlink"),
    path("planning/", plan.plan, name="plan"),
    path("charge/", plan.workload, name="workload"),
    path("temps/<int:pk>/", people.time, name="time"),
    path("temps/<int:pk>/<int:number>/retirer/", people.time_remove, name="time-remove"),
    path("agenda/", people.calendar, name="calendar"),
    path("agenda/ouvrir/", people.calendar_open, name="calendar-open"),
    path("agenda/fermer/", people.calendar_close, name="calendar-close"),
    path("agenda/<str:slug>.ics", people.feed, name="feed"),
]
