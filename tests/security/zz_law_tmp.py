import traceback
from datetime import date
import pytest
from django.urls import reverse
from django.db import transaction
from restanque.law import services
from restanque.law.models import Table
from restanque.engine.law import shipped, Period, Unit, Evidence, Status, Confidence
from tests.conftest import client_of
from tests.addresses import addresses
from tests.visits import Visitor
from tests.world import standing

@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing(django_db_blocker, tmp_path_factory.mktemp("files")) as built:
        yield built
ROOMS = ("law:", "governance:", "procedures:", "portal:home","portal:commune","work:calendar","work:feed","concertation:")
ADDR=[a for a in addresses() if a.name.startswith(ROOMS)]
EV=Evidence(Status.TEXT, Confidence.HIGH, "x", date(2026,1,1))
def walk(world,c,out,tag):
    v=Visitor(world); v.client=c
    for a in ADDR:
        try: url=v.url(a)
        except LookupError: continue
        sid=transaction.savepoint()
        try:
            r=c.get(url)
            if r.status_code>=500:
                ei=getattr(r,"exc_info",None)
                ours=[f for f in traceback.extract_tb(ei[2]) if 'src/restanque' in f.filename][-1:] if ei else ''
                out.append((tag,a.name,repr(ei[1])[:120] if ei else r.status_code, ours and f"{ours[0].filename[-45:]}:{ours[0].lineno}"))
            if r.streaming: b"".join(r.streaming_content)
        except Exception as e:
            out.append((tag,a.name,"RAISED",repr(e)[:200]))
        transaction.savepoint_rollback(sid)

@pytest.mark.django_db
def test_law(world):
    c=client_of(world.member("alice")); c.raise_request_exception=False
    out=[]
    walk(world,c,out,"base")
    law=shipped()
    print(len(law.rules),len(law.parameters))
    # all rules at once
    for amount,unit in ((3650,Unit.YEARS),(3650,Unit.MONTHS),(3650,Unit.DAYS),(3650,Unit.OPEN_DAYS)):
        sid=transaction.savepoint()
        n=0
        for id,r in law.rules.items():
            if not (r.period or r.candidates): continue
            try:
                services.override_law(workspace=world.workspace,table=Table.RULES,object_id=id,changes={"period":Period(amount,unit),"candidates":(),"evidence":EV},reason="x",on=date(2026,1,1)); n+=1
            except Exception as e:
                out.append(("refused",id,repr(e)[:150])) if "ValidationError" not in repr(e) else None
        walk(world,c,out,f"{amount} {unit} n={n}")
        transaction.savepoint_rollback(sid)
    for value in (0,-1,10**6,10**20):
        sid=transaction.savepoint(); n=0
        for id,p in law.parameters.items():
            if isinstance(p.value,date): continue
            try:
                services.override_law(workspace=world.workspace,table=Table.PARAMETERS,object_id=id,changes={"value":value,"evidence":EV},reason="x",on=date(2026,1,1)); n+=1
            except Exception as e:
                if "ValidationError" not in repr(e): out.append(("refused",id,repr(e)[:150]))
        walk(world,c,out,f"param {value} n={n}")
        transaction.savepoint_rollback(sid)
    for d in (date.max,date.min):
        sid=transaction.savepoint(); n=0
        for id,p in law.parameters.items():
            if not isinstance(p.value,date): continue
            try:
                services.override_law(workspace=world.workspace,table=Table.PARAMETERS,object_id=id,changes={"value":d,"evidence":EV},reason="x",on=date(2026,1,1)); n+=1
            except Exception as e:
                if "ValidationError" not in repr(e): out.append(("refused",id,repr(e)[:150]))
        walk(world,c,out,f"param date {d} n={n}")
        transaction.savepoint_rollback(sid)
        for field in ("valid_from","valid_to"):
            sid=transaction.savepoint(); n=0
            for table in Table:
                for id,p in getattr(law,table.value).items():
                    try:
                        services.override_law(workspace=world.workspace,table=table,object_id=id,changes={field:d,"evidence":EV},reason="x",on=date(2026,1,1)); n+=1
                    except Exception as e:
                        if "ValidationError" not in repr(e): out.append(("refused",id,repr(e)[:150]))
            walk(world,c,out,f"{field} {d} n={n}")
            transaction.savepoint_rollback(sid)
    open("/tmp/rq/sec/law.txt","w").write("\n".join(map(str,out)))
    print(len(out))
