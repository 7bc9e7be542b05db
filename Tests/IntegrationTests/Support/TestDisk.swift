import Glibc

/// A small file system in a mount namespace of its own, which goes with the process that holds it.
final class TestDisk {
    /// What the file system is.
    enum Kind {
        /// In memory.
        case memory(megabytes: Int)
        /// A loop device with a journal: it turns read-only after `abort`.
        case journaled(megabytes: Int)
        /// A loop device over a file that does not lie on its disk yet: when that disk is full, writes of
        /// blocks fail though the file system has room. The kernel says ENOSPC then; see FailingFiles.
        ///
        /// Only blocks of data may fail: ext2 forgets a block of pointers that could not be written, and
        /// what it points to is gone, synced or not. Blocks of 4 KiB have one such block for the first 4 MiB
        /// of a file, which is there before the faults begin.
        case failing
    }

    /// Where it is mounted, as programs that run on it see it.
    let path: String
    private let kind: Kind
    private let holder: ChildProcess
    private let folder: String

    /// Mounts a file system; nil, with a message, where this machine does not allow it.
    init?(_ kind: Kind, at path: String, in root: TestFolder) throws {
        self.path = path
        self.kind = kind
        folder = "\(root.path)/disk-\(UInt32.random(in: 0...UInt32.max))"
        try Disk.makeFolder(folder)
        try Disk.makeFolder(path)
        let output = "\(folder)/out"
        // The holder ends with this process, and the namespace with the holder.
        let wait = "echo ready; while kill -0 \(getpid()) 2>/dev/null; do sleep 1; done"
        holder = try ChildProcess(
            "/usr/bin/unshare",
            ["--mount", "sh", "-ec", Self.script(kind, path, folder) + "\n" + wait],
            output: .file(output),
            errors: "\(folder)/err"
        )
        let deadline = Clock.now + 20
        while (try? Disk.text(output)) != "ready\n" {
            guard holder.poll() == nil, Clock.now < deadline else {
                let reason = (try? Disk.text("\(folder)/err")) ?? ""
                print("skipped: this machine does not let these tests mount a disk: \(reason)")
                return nil
            }
            usleep(10_000)
        }
    }

    private static func script(_ kind: Kind, _ path: String, _ folder: String) -> String {
        switch kind {
        case .memory(let size):
            return "mount -t tmpfs -o size=\(size)m,mode=0700 tmpfs '\(path)'"
        case .journaled(let size):
            return """
                mount -t tmpfs tmpfs '\(folder)' && truncate -s \(size)m '\(folder)/image' \
                && mkfs.ext4 -q -F '\(folder)/image' && mount -o loop '\(folder)/image' '\(path)'
                """
        case .failing:
            return """
                mount -t tmpfs -o size=24m tmpfs '\(folder)' && truncate -s 64m '\(folder)/image' \
                && mkfs.ext2 -q -F -b 4096 '\(folder)/image' \
                && mount -o loop,noatime,errors=continue '\(folder)/image' '\(path)'
                """
        }
    }

    /// Words before a command that is to see the mount.
    var prefix: [String] { ["/usr/bin/nsenter", "--mount=/proc/\(holder.id)/ns/mnt", "--"] }

    /// A path on it as this process sees it.
    func outside(_ path: String) -> String { "/proc/\(holder.id)/root\(path)" }

    /// Runs a script that sees the mount.
    func run(_ script: String) throws {
        let run = try CommandRun.run(
            prefix[0],
            Array(prefix.dropFirst()) + ["sh", "-ec", script],
            at: prefix[0]
        )
        guard run.status == 0 else { throw TestFailure("\(script): \(run)") }
    }

    /// Mounts the same file system once more, checked, as after a start of the machine.
    func mountAnew() throws {
        let image = "\(folder)/image"
        try run(
            "umount '\(path)'; e2fsck -fy '\(image)' || true; mount -o loop '\(image)' '\(path)'"
        )
    }

    /// Takes all room, or that of the disk under a failing one.
    func fill(under isUnder: Bool = false) throws {
        let filler = (isUnder ? folder : path) + "/filler"
        try run(
            "dd if=/dev/zero of='\(filler)' bs=64k 2>/dev/null || true; sync -f '\(filler)' || true"
        )
    }

    /// Gives the room back.
    func clear(under isUnder: Bool = false) throws {
        try run("rm -f '\((isUnder ? folder : path) + "/filler")'")
        // What the filler wrote lies in the image still, and the disk under it stays full.
        if case .failing = kind, !isUnder { try run("fstrim '\(path)'") }
    }
}
