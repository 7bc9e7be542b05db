"""Three PostgreSQL under Patroni and three etcd, as in ops/scale-out/patroni.yml, on loopback addresses of one machine."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scale-out", "patroni.yml")
# Kills the servers whose files name their processes, once nothing holds its input open any more.
GUARD = 'cat; for file; do read -r process < "$file" && kill -9 "$process"; done 2>/dev/null'


class Service:
    """A program of the cluster: its folder, log and process."""

    def __init__(self, name, address, folder):
        self.name, self.address = name, address
        self.folder = os.path.join(folder, name)
        self.log = os.path.join(self.folder, "log")
        self.process = None
        os.mkdir(self.folder)
        shutil.chown(self.folder, "postgres", "postgres")

    def as_postgres(self, *words):
        """A command as the user of the servers, that ends with this program."""
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig", "KILL", *words]

    def start_program(self, *words):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self.as_postgres(*words), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.folder},
            )

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def last_lines(self, count=25):
        with contextlib.suppress(FileNotFoundError), open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-count:])
        return ""


class Etcd(Service):
    """One of the three that elect."""

    def start(self, members):
        place = f"http://{self.address}"
        self.start_program(
            "etcd", "--name", self.name, "--data-dir", os.path.join(self.folder, "data"),
            "--listen-client-urls", place + ":2379", "--advertise-client-urls", place + ":2379",
            "--listen-peer-urls", place + ":2380", "--initial-advertise-peer-urls", place + ":2380",
            "--initial-cluster", ",".join(f"{one.name}=http://{one.address}:2380" for one in members),
            "--initial-cluster-state", "new", "--log-level", "warn",
        )


class Machine(Service):
    """A machine with a PostgreSQL and the agent that looks after it."""

    def __init__(self, name, address, folder):
        super().__init__(name, address, folder)
        self.data = os.path.join(self.folder, "data")
        self.server = os.path.join(self.data, "postmaster.pid")

    def configure(self, network):
        """The sample as it is but for name, addresses, paths and certificate."""
        with open(SAMPLE, encoding="utf-8") as file:
            text = file.read()
        for old, new in [
            ("name: db1", f"name: {self.name}"), ("0.0.0.0:", self.address + ":"), ("10.20.0.11:", self.address + ":"),
            # Whoever comes from this machine comes from there.
            ("10.20.0.0/24", "127.0.0.1/32"), ("10.20.0.", network),
            ("/var/lib/postgresql/15/reportd", self.data), ("/var/lib/postgresql/", self.folder + "/"),
            ("/var/run/postgresql", self.folder), ("/etc/ssl/certs/ssl-cert-snakeoil.pem", self.folder + "/tls.pem"),
            ("/etc/ssl/private/ssl-cert-snakeoil.key", self.folder + "/tls.key"),
        ]:
            if old not in text:
                raise SystemExit(f"failover: {SAMPLE} has no {old}")
            text = text.replace(old, new)
        path = os.path.join(self.folder, "patroni.yml")
        with open(path, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
        shutil.chown(path, "postgres", "postgres")
        subprocess.run(
            self.as_postgres(
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", f"/CN={self.name}", "-keyout", self.folder + "/tls.key", "-out", self.folder + "/tls.pem",
            ),
            check=True, stderr=subprocess.DEVNULL,
        )

    def start(self):
        self.start_program("patroni", os.path.join(self.folder, "patroni.yml"))

    def kill(self):
        """The agent, the server and all its processes at once, as when the machine loses power."""
        super().kill()
        with contextlib.suppress(OSError, ValueError):
            with open(self.server, encoding="utf-8") as file:
                server = int(file.readline())
            with open(f"/proc/{server}/task/{server}/children", encoding="ascii") as file:
                children = [int(word) for word in file.read().split()]
            for process in [server, *children]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def ask(self, path):
        """What the agent answers: status and JSON; None when it does not."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008{path}", timeout=3) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}
        except (OSError, ValueError):
            return None

    def is_primary(self):
        return (self.ask("/primary") or (0,))[0] == 200

    def sql(self, statement, database="reportd"):
        """Rows of a statement, by the socket that `local all all peer` lets in."""
        done = subprocess.run(
            self.as_postgres("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-d", database, "-c", statement),
            capture_output=True, text=True, timeout=120, cwd="/",
        )
        if done.returncode != 0:
            raise SystemExit(f"failover: psql at {self.name}: {done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines()]


class Cluster:
    """The machines, and who is what among them."""

    def __init__(self, folder, network):
        self.network = network
        self.etcds = [Etcd(f"etcd{number}", f"{network}{20 + number}", folder) for number in (1, 2, 3)]
        self.machines = [Machine(f"db{number}", f"{network}{10 + number}", folder) for number in (1, 2, 3)]
        self.guard = None

    def every_service(self):
        return [*self.machines, *self.etcds]

    def start(self):
        # A server outlives its agent: it must not outlive this program.
        files = [machine.server for machine in self.machines]
        self.guard = subprocess.Popen(["bash", "-c", GUARD, "guard", *files], stdin=subprocess.PIPE)
        for etcd in self.etcds:
            etcd.start(self.etcds)
        for machine in self.machines:
            machine.configure(self.network)
            machine.start()

    def stop(self):
        for service in self.every_service():
            service.kill()
        if self.guard is not None:
            self.guard.stdin.close()
            self.guard.wait()

    def primary(self, but=None):
        """The machine that takes writes; None while there is none."""
        return next((one for one in self.machines if one is not but and one.process and one.is_primary()), None)

    def is_whole(self):
        """Whether all three run, and one of them is a synchronous standby of the primary."""
        primary = self.primary()
        members = ((primary.ask("/cluster") if primary else None) or (0, {}))[1].get("members", [])
        roles = [member["role"] for member in members if member["state"] in ("running", "streaming")]
        return len(roles) == len(self.machines) and "leader" in roles and "sync_standby" in roles

    def hosts(self):
        return ",".join(machine.address for machine in self.machines)


def wait_until(condition, what, seconds, pause=0.1):
    """The first true answer; ends the run when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(pause)
    raise SystemExit(f"failover: after {seconds:.0f} s: {what} did not come about")
