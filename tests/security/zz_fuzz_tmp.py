"""TEMP fuzz by attacker; removed at end."""
import os, sys, json, traceback, random
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.db import transaction
from bs4 import BeautifulSoup
from tests.acts import acts, prepare
from tests.addresses import addresses
from tests.conftest import client_of
from tests.visits import Visitor, snapshot, changes
from tests.world import standing

ROOMS = ("law:", "work:", "governance:", "procedures:", "concertation:", "supply:", "core:import")

HOSTILE = ["\x00", "٣", "²", "-1", "0", "99999999999999999999999", "9999-12-31", "31/12/9999", "0001-01-01", "1e400", "NaN", "Infinity", "a"*5000, "https://x\r\nA: b", "javascript:alert(1)", "\ud800"]
NAMES = ["q","page","sort","per_page","export","figure","n","step","from","to","date","le","jour","month","mois","annee","week","territory","territoire","territory_id","objet","nom","subject_path","next","kind","state","theme","way","status","pilot","due","late","version","zoom","on","at","du","au","debut","fin","from_day","until","columns","cols","view","body","sitting","year","tri","code","scale","echelle","span","depart","ids"]

@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing(django_db_blocker, tmp_path_factory.mktemp("files")) as built:
        yield built

ADDR=[a for a in addresses() if a.name.startswith(ROOMS)]

def discovered(response):
    """names of fields and links' query params on the page"""
    names=set()
    if response.streaming or "html" not in response.headers.get("Content-Type",""): return names
    s=BeautifulSoup(response.content,"html.parser")
    for e in s.select("form [name]"): names.add(e["name"])
    from urllib.parse import urlparse, parse_qs
    for e in s.select("a[href]"):
        names|=set(parse_qs(urlparse(e["href"]).query, keep_blank_values=True))
    return names

@pytest.mark.django_db
def test_gets(world):
    c=client_of(world.member("alice")); c.raise_request_exception=False
    import logging
    out=[]
    v=Visitor(world); v.client=c
    for a in ADDR:
        try: url=v.url(a)
        except LookupError: continue
        r=c.get(url)
        if r.status_code>=500: out.append((a.name,"plain",r.status_code))
        if r.status_code==405: continue
        if r.streaming: b"".join(r.streaming_content)
        names=discovered(r)|{"page","sort","q","export"}
        names-={"csrfmiddlewaretoken"}
        for n in names:
            for h in HOSTILE:
                for val in (h,):
                    sid=transaction.savepoint()
                    try:
                        r=c.get(url,{n:val} if val!="\ud800" else {})
                        if r.status_code>=500:
                            e=r.exc_info[1] if getattr(r,'exc_info',None) else None
                            tb=traceback.extract_tb(r.exc_info[2])[-1] if e else ''
                            ours=[f for f in traceback.extract_tb(r.exc_info[2]) if 'src/restanque' in f.filename][-1:] if e else ''
                            out.append((a.name,n,val[:30],type(e).__name__,str(e)[:100],ours and f"{ours[0].filename[-50:]}:{ours[0].lineno}"))
                        if r.streaming: b"".join(r.streaming_content)
                    except Exception as e:
                        out.append((a.name,n,val[:30],"RAISED",repr(e)[:200]))
                    transaction.savepoint_rollback(sid)
    open("/tmp/rq/sec/gets.txt","w").write("\n".join(map(str,out)))
    print(len(out))

@pytest.mark.django_db
def test_posts(world):
    c=client_of(world.member("alice")); c.raise_request_exception=False
    v=Visitor(world); v.client=c
    out=[]
    table=acts(world)
    for a in ADDR:
        if a.name not in table: continue
        sid0=transaction.savepoint()
        try:
            prepare(a.name, world)
            data=table[a.name].copy(); query=data.pop("?","")
            url=v.url(a)+("?"+query if query else "")
            names=set(data)|discovered(c.get(v.url(a)+("?"+query if query else "")))
            names-={"csrfmiddlewaretoken"}
            for n in sorted(names):
                for h in HOSTILE[:-1]:
                    sid=transaction.savepoint()
                    try:
                        for f in data.values():
                            if hasattr(f,"seek"): f.seek(0)
                        r=c.post(url,data|{n:h})
                        if r.status_code>=500:
                            e=r.exc_info[1] if getattr(r,'exc_info',None) else None
                            ours=[f for f in traceback.extract_tb(r.exc_info[2]) if 'src/restanque' in f.filename][-1:] if e else ''
                            out.append((a.name,"POST",n,h[:30],type(e).__name__,str(e)[:120],ours and f"{ours[0].filename[-50:]}:{ours[0].lineno}"))
                        elif r.status_code==302 and h not in ("0",):
                            loc=r["Location"]
                            if not loc.startswith("/"): out.append((a.name,"OPENREDIR",n,h[:30],loc))
                            # follow: page crashes after acceptance?
                            if n!="text":
                                for u in {loc, v.url(a)}:
                                    r2=c.get(u)
                                    if r2.status_code>=500:
                                        e=r2.exc_info[1] if getattr(r2,'exc_info',None) else None
                                        ours=[f for f in traceback.extract_tb(r2.exc_info[2]) if 'src/restanque' in f.filename][-1:] if e else ''
                                        out.append((a.name,"AFTER",n,h[:30],u,type(e).__name__,str(e)[:120],ours and f"{ours[0].filename[-50:]}:{ours[0].lineno}"))
                    except Exception as e:
                        out.append((a.name,"POST",n,h[:30],"RAISED",repr(e)[:200]))
                    transaction.savepoint_rollback(sid)
        except Exception as e:
            out.append((a.name,"SETUP",repr(e)[:200]))
        transaction.savepoint_rollback(sid0)
        open("/tmp/rq/sec/posts.txt","w").write("\n".join(map(str,out)))
    print(len(out))
