"""Profiles of many states, built by the cores of this machine or by a Dask cluster.

    make countries                                  all UN members, on the cores of this machine
    make countries COUNTRIES=KAZ,KGZ                some
    make countries DASK=tcp://10.0.0.1:8786         on a cluster that is there

A cluster's workers need the environment alone (`make env`, and `pip install --require-hashes -r
requirements-cluster.txt`): code, tables and notebooks are sent along, and each worker keeps them
in a folder of its own. `dask scheduler` and `dask worker tcp://10.0.0.1:8786 --nthreads 4` start
one by hand. Dask's own launchers start one where jobs are queued; both are untried here. SLURM, on
the machine from which jobs are sent, by dask-jobqueue in the same environment:

    from dask_jobqueue import SLURMCluster
    cluster = SLURMCluster(queue="normal", cores=4, processes=1, memory="8GB",
                           walltime="01:00:00", local_directory="$TMPDIR")
    cluster.scale(jobs=10)
    print(cluster.scheduler_address)  # DASK=; the scheduler lives as long as this process

Kubernetes, where its Dask operator is installed, by dask-kubernetes and an image with the
environment:

    from dask_kubernetes.operator import KubeCluster
    cluster = KubeCluster(name="profiles", image="registry.example/study:latest", n_workers=10)
    print(cluster.scheduler_address)
"""

import asyncio
import contextlib
import functools
import hashlib
import io
import logging
import os
import platform
import re
import sys
import tempfile
import threading
import time
import warnings
import zipfile
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from importlib import import_module, metadata
from pathlib import Path

from footnoted.running import CallError, StudyError

from . import downloads, steps

ENOUGH = 3  # failures after which no further profile is begun
ANSWER = 10  # seconds in which a cluster has to answer
WITHOUT = "DASK needs the package distributed. Mend: .venv/bin/python -m pip install " \
          "--require-hashes -r requirements-cluster.txt"
SENT = ("lib/*/*.py", "lib/*/*/*.py", "lib/*/templates/*", "data/*", "notebooks/*.ipynb",
        "paper/*.bib", "paper/front-*.md", "pyproject.toml", "requirements.lock", steps.PARTS)
PACKAGES = ("digital_diplomacy", "footnoted")


def build(folder, codes, pool):
    """Build the profiles of some states where something that they rest on changed; how many.

    pool: a context manager that gives what submits calls of `steps.profile`. What is built is kept
    at once, whatever comes after it. Raises StudyError for profiles that failed, all others built
    (after three failures no further one is begun).
    """
    now, start, failed, done = steps.basis(folder), time.monotonic(), {}, 0
    work = {code: what for code in codes if (what := steps.due(folder, code, now))}
    if not work:
        return 0
    with pool as submit:
        waiting = {submit(folder, code, what == "run"): code for code, what in work.items()}
        for future in as_completed([*waiting]):
            code = waiting.pop(future)  # what it holds must not pile up
            try:
                steps.keep(folder, code, future.result(), now)
            except CancelledError:
                raise StudyError("The cluster was lost; what is built stays. Mend: run the same "
                                 "command again") from None
            except ImportError as error:  # its environment is another one
                raise CallError(str(error)) from None
            except StudyError as error:
                failed[code] = str(error)
            except Exception as error:  # of the cluster, as where each worker dies of a profile
                failed[code] = f"{steps.profile_name(code)}: {type(error).__name__}: " \
                               f"{one_line(error)}. Mend: run the same command again"
            else:
                done += 1
                tell(f"{steps.profile_name(code)}  built", done, len(work))
            if len(failed) == ENOUGH:
                break
    tell("", done, len(work))
    if failed:
        first, *others = failed
        also = f"\n\nAlso failed: {', '.join(others)}." * bool(others)
        raise StudyError(f"{failed[first]}{also}\n{done} of {len(work)} profiles were built.")
    print(f"{done} profiles built, {time.monotonic() - start:.0f} s.", flush=True)
    return done


def one_line(error):
    return " ".join(str(error).split())[:200]


def tell(line, done, wanted):
    """In a log a line for each profile, on a terminal one that moves; unless nobody reads on."""
    with contextlib.suppress(OSError):
        if sys.stdout.isatty():
            moving = f"{done} of {wanted} profiles: {line}" if line else ""
            print(f"\r\033[K{moving}", end="", flush=True)
        elif line:
            print(line, flush=True)


@contextlib.contextmanager
def here(processes=None):
    """The pool of this machine: calls in threads, each waiting for forks of the warm process.

    processes: how many at once, by default a core each.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pool = ThreadPoolExecutor(processes or cores)
    try:
        yield functools.partial(pool.submit, steps.profile)
    finally:
        pool.shutdown(cancel_futures=True)


# A cluster

@contextlib.contextmanager
def cluster(folder, address):
    """The pool of a Dask cluster. Raises CallError where it does not answer, or is another one."""
    client = connected(address)
    try:
        pool, study, wanted = client.get_executor(pure=False), packed(folder), versions(folder)
        sent = client.submit(bytes, study, pure=False)  # made again where its worker is lost
        name = f"study-{hashlib.sha256(study).hexdigest()[:16]}"
        # Of a local function Dask sends the code, so that workers need not have this module.
        yield lambda folder, code, run: pool.submit(
            lambda *given: on_worker(*given), sent, name, wanted, code)
    finally:
        client.close(timeout=ANSWER)


def connected(address):
    """A client of a cluster that answers, of the same version. Raises CallError."""
    try:
        import cloudpickle
        import distributed
    except ImportError:
        raise CallError(WITHOUT) from None
    logging.disable(logging.CRITICAL)  # what failed is said once, in a line
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)  # of many lines

    async def asked():  # a client would wait for ever where something else listens
        async with distributed.rpc(address) as scheduler:
            return await scheduler.versions()
    try:
        said = asyncio.run(asyncio.wait_for(asked(), ANSWER))
        theirs = said["packages"]["distributed"]
    except Exception as error:
        why = one_line(error) or f"nothing heard for {ANSWER} s"
        raise CallError(f"DASK={address}: no cluster answers ({why}). Mend: start one, or name "
                        "the address that its scheduler says") from None
    if theirs != distributed.__version__:
        raise CallError(different(f"The scheduler {address}", "distributed", theirs,
                                  distributed.__version__))
    client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    if not client.scheduler_info()["workers"]:
        print("The cluster has no worker yet: waiting for one. Ctrl-C stops.", file=sys.stderr)
    return client


def different(who, package, theirs, ours):
    """What is said of another environment.

    >>> different("A worker", "pandas", "1.0", "2.0").partition(". ")[0]
    'A worker has pandas 1.0, this machine 2.0'
    """
    return f"{who} has {package} {theirs}, this machine {ours}. Mend: make both environments " \
           "from the same requirements.lock and requirements-cluster.txt"


def packed(folder):
    """The study as a worker needs it, in a zip: code, tables, notebooks, what pages are made of."""
    return downloads.zipped({path.relative_to(folder).as_posix(): path.read_bytes()
                        for pattern in SENT for path in sorted(Path(folder).glob(pattern))
                        if path.is_file()})


def versions(folder):
    """{package: version} of what this environment has of the two locks, Python's own first."""
    locks = (Path(folder, name) for name in ("requirements.lock", "requirements-cluster.txt"))
    names = {name for lock in locks if lock.exists()
             for name in re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.M)}
    return {name: version for name in ("Python", *sorted(names)) if (version := version_of(name))}


def version_of(package):
    """The version of an installed package, of Python the one that libraries tell apart; or ""."""
    if package == "Python":
        return ".".join(platform.python_version_tuple()[:2])
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def on_worker(study, name, wanted, code):
    """On a worker of a cluster: unpack the study where that was not done, and build a profile.

    study: the zip; name: of its folder; wanted: {package: version}. Raises ImportError for another
    environment. It is sent there as code: what it names of this module goes along, nothing of the
    library may be named.
    """
    import distributed
    worker = distributed.get_worker()
    for package, ours in wanted.items():
        if (theirs := version_of(package)) != ours:
            raise ImportError(different(f"The worker {worker.address}", package, theirs or "none",
                                        ours))
    folder = Path(worker.local_directory, name)
    with worker.__dict__.setdefault("study", threading.Lock()):  # calls are threads of the worker
        if not folder.exists():
            draft = tempfile.mkdtemp(dir=worker.local_directory)
            with zipfile.ZipFile(io.BytesIO(study)) as held:
                held.extractall(draft)
            os.rename(draft, folder)
        if sys.path[0] != str(folder / "lib"):  # the library of the study that was sent, no other
            for one in [one for one in sys.modules if one.partition(".")[0] in PACKAGES]:
                del sys.modules[one]
            sys.path.insert(0, str(folder / "lib"))
        build = import_module("digital_diplomacy.steps").profile
    return build(folder, code, True)
