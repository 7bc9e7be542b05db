"""Two PostgreSQL servers in a scratch folder, one of which follows the other by logical replication."""

import os
import shutil
import signal
import subprocess
import sys
import time

from harness import first_pairs, free_port, wait_for

FOLDERS = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"]

# Seconds from the first row, or from the start of the copy, until the last row is seen; null when it was over before.
WAITING = """
CREATE FUNCTION seconds_until(last text, is_copy boolean) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE started timestamptz;
BEGIN
  LOOP
    EXIT WHEN is_copy AND EXISTS (SELECT 1 FROM pg_stat_progress_copy);
    EXIT WHEN EXISTS (SELECT 1 FROM reports LIMIT 1);
    PERFORM pg_sleep(0.002);
  END LOOP;
  started := clock_timestamp();
  IF EXISTS (SELECT 1 FROM reports WHERE key = last) THEN RETURN NULL; END IF;
  WHILE NOT EXISTS (SELECT 1 FROM reports WHERE key = last) LOOP PERFORM pg_sleep(0.02); END LOOP;
  RETURN extract(epoch FROM clock_timestamp() - started);
END $$
"""


class Server:
    """One cluster with a table of keys and records, that takes connections under TLS and without."""

    def __init__(self, bench, name):
        self.bench = bench
        self.binaries = next(folder for folder in FOLDERS if os.path.exists(folder + "/postgres"))
        self.folder = bench.path(name)
        os.mkdir(self.folder)
        # PostgreSQL does not run as root.
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.user:
            os.chmod(bench.folder, 0o755)
            shutil.chown(self.folder, "postgres", "postgres")
        self.port = free_port()
        data, log = self.folder + "/data", self.folder + "/log"
        subprocess.run(
            [self.binaries + "/initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8", "--no-sync"],
            stdout=subprocess.DEVNULL, check=True, cwd=self.folder, **self.user,
        )
        for name in ["server.crt", "server.key"]:
            shutil.copy(certificate(bench)[name], f"{data}/{name}")
            os.chmod(f"{data}/{name}", 0o600)
            if self.user:
                shutil.chown(f"{data}/{name}", "postgres", "postgres")
        settings = {
            "ssl": "on", "ssl_min_protocol_version": "TLSv1.3",
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
            "wal_level": "logical", "fsync": "on", "synchronous_commit": "on", "max_wal_size": "8GB",
        }
        command = [self.binaries + "/postgres", "-D", data]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        # libpq looks for certificates at home, and root's is closed to the server.
        self.child = bench.start(
            command, env={**os.environ, "HOME": self.folder}, stdout=open(log, "w", encoding="utf-8"), stderr=subprocess.STDOUT, cwd=self.folder, **self.user
        )
        wait_for(self.is_ready, self.child, log)
        self.sql("CREATE TABLE reports (key text PRIMARY KEY, record text NOT NULL)")
        self.sql(WAITING)

    def is_ready(self):
        return subprocess.run(
            [self.binaries + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        ).returncode == 0

    def psql(self, *arguments):
        command = [self.binaries + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                   "-p", str(self.port), "-U", "bench", "-d", "postgres", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            sys.exit("bench: psql failed: " + done.stderr)
        return done.stdout.strip()

    def sql(self, statement):
        return self.psql("-c", statement)

    def load(self, rows):
        """Stores rows, 100 a transaction."""
        path = self.folder + "/rows.sql"
        with open(path, "w", encoding="utf-8") as file:
            for first in range(0, len(rows), 100):
                file.write("COPY reports FROM stdin;\n")
                for key, value in rows[first:first + 100]:
                    text = value.decode().replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
                    file.write(f"{key}\t{text}\n")
                file.write("\\.\n")
        self.psql("-f", path)
        os.remove(path)

    def stop(self):
        self.bench.stop(self.child, signal.SIGINT)
        shutil.rmtree(self.folder)


def certificate(bench):
    """Paths of a key and its certificate, of the kind that our own nodes have."""
    paths = {name: bench.path("postgres-" + name) for name in ["server.key", "server.crt"]}
    if not os.path.exists(paths["server.crt"]):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-keyout", paths["server.key"], "-out", paths["server.crt"]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
        )
    return paths


def is_there():
    return any(os.path.exists(folder + "/postgres") for folder in FOLDERS)


def replication_rates(bench, dump, count):
    """Rows a second at a server that follows another: from the log of what was stored before, under TLS and without,
    and by the first copy, under TLS.

    A rate is None when it was over before it was looked at.
    """
    rows = first_pairs(dump, count)
    county = Server(bench, "postgres-county")
    city = Server(bench, "postgres-city")
    county.sql("CREATE PUBLICATION reports FOR TABLE reports")
    for mode in ["require", "disable"]:
        county.sql(f"SELECT pg_create_logical_replication_slot('{mode}', 'pgoutput')")
    county.load(rows)
    last = rows[-1][0].replace("'", "''")

    def source(mode):
        return (f"CONNECTION 'host=127.0.0.1 port={county.port} user=bench dbname=postgres sslmode={mode}' "
                "PUBLICATION reports")

    seconds = []
    for mode in ["require", "disable"]:
        city.sql("TRUNCATE reports")
        city.sql(f"CREATE SUBSCRIPTION {mode} {source(mode)} WITH (create_slot = false, slot_name = '{mode}', "
                 "copy_data = false, enabled = false, synchronous_commit = on)")
        city.sql(f"ALTER SUBSCRIPTION {mode} ENABLE")
        seconds.append(city.sql(f"SELECT seconds_until('{last}', false)"))
        version = county.sql("SELECT coalesce(version, 'none') FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)")
        if version != ("TLSv1.3" if mode == "require" else "none"):
            sys.exit(f"bench: PostgreSQL replicated with TLS {version}, asked for {mode}")
        city.sql(f"DROP SUBSCRIPTION {mode}")

    city.sql("TRUNCATE reports")
    city.sql(f"CREATE SUBSCRIPTION copied {source('require')} WITH (synchronous_commit = on)")
    seconds.append(city.sql(f"SELECT seconds_until('{last}', true)"))
    time.sleep(1)  # until the worker of the copy has let go of its slot
    city.sql("DROP SUBSCRIPTION copied")
    city.stop()
    county.stop()
    return [len(rows) / float(taken) if taken else None for taken in seconds]
