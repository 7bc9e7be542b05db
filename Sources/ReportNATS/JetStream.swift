import CNATS
import Dispatch
import Glibc
package import ReportModel
package import ReportPipe

/// A stream of NATS JetStream as what carries the messages of a pipe.
///
/// Calls of libnats wait for the server; they run one after the other on a queue of their own.
///
/// Source: `nats.h` of libnats 3.4; JetStream of nats-server 2.9.
package final class JetStream: MessageStream {
    /// Name of the stream unless another is given.
    package static let defaultName = "REPORTD"
    private static let callMilliseconds: Int64 = 5000
    /// Each as large as the server takes.
    private static let batchCount: CInt = 16
    private static let publishAttemptCount = 3
    /// What a message has besides its payload: subject, reply and headers.
    private static let headroomByteCount = 4096

    /// Pointers of libnats, whose functions may be called by any thread.
    private struct Handles: @unchecked Sendable {
        var connection: OpaquePointer?
        var context: OpaquePointer?
        var subscription: OpaquePointer?
    }

    private let queue = DispatchQueue(label: "reportd.nats")
    private let handles: Handles
    private let name: String
    /// Most bytes of a message's payload, as the server says.
    package let maximumPayloadByteCount: Int

    /// Connects to a server.
    /// - Parameters:
    ///   - address: the servers.
    ///   - name: name of the stream.
    ///   - recipient: the node whose messages are received; nil: none.
    /// - Throws: ``ReportError`` `unreachable`, `not-allowed`, and `not-found` when there is no such stream.
    package init(
        _ address: NATSAddress,
        name: String = JetStream.defaultName,
        recipient: NodeID?
    ) throws(ReportError) {
        self.name = name
        var handles = Handles()
        do throws(ReportError) {
            handles.connection = try Self.connect(address)
            try NATSFault.check(
                natsConnection_JetStream(&handles.context, handles.connection, nil),
                "JetStream cannot be used"
            )
            if let recipient {
                handles.subscription = try Self.subscribe(recipient, name, handles.context)
            }
        } catch {
            Self.destroy(handles)
            throw error
        }
        self.handles = handles
        let most = Int(natsConnection_GetMaxPayload(handles.connection))
        maximumPayloadByteCount = max(1024, most - Self.headroomByteCount)
    }

    deinit { Self.destroy(handles) }

    private static func destroy(_ handles: Handles) {
        natsSubscription_Destroy(handles.subscription)
        jsCtx_Destroy(handles.context)
        natsConnection_Destroy(handles.connection)
    }

    private static func connect(_ address: NATSAddress) throws(ReportError) -> OpaquePointer? {
        var options: OpaquePointer?
        try NATSFault.check(natsOptions_Create(&options), "no memory")
        defer { natsOptions_Destroy(options) }
        var urls: [UnsafeMutablePointer<CChar>?] = address.urls.map { strdup($0) }
        defer { urls.forEach { free($0) } }
        let status = urls.withUnsafeMutableBufferPointer { urls in
            urls.withMemoryRebound(to: UnsafePointer<CChar>?.self) { urls in
                natsOptions_SetServers(options, urls.baseAddress, CInt(urls.count))
            }
        }
        try NATSFault.check(status, "the address of NATS")
        try NATSFault.check(natsOptions_SetName(options, "reportd"), "the name")
        try NATSFault.check(natsOptions_SetTimeout(options, callMilliseconds), "the patience")
        try NATSFault.check(natsOptions_SetMaxReconnect(options, -1), "the patience")
        // Only the servers that were named: others need not be under TLS.
        try NATSFault.check(natsOptions_SetIgnoreDiscoveredServers(options, true), "the servers")
        if address.isSecure {
            try NATSFault.check(natsOptions_SetSecure(options, true), "TLS")
        }
        if let file = address.authorities {
            let status = natsOptions_LoadCATrustedCertificates(options, file)
            try NATSFault.check(status, "\(file) cannot be used")
        }
        if let (chain, key) = address.certificate {
            let status = natsOptions_LoadCertificatesChain(options, chain, key)
            try NATSFault.check(status, "\(chain) and \(key) cannot be used")
        }
        if let file = address.credentials {
            let status = natsOptions_SetUserCredentialsFromFiles(options, file, nil)
            try NATSFault.check(status, "\(file) cannot be used")
        }
        var connection: OpaquePointer?
        try NATSFault.check(
            natsConnection_Connect(&connection, options),
            "no connection to NATS"
        )
        return connection
    }

    private static func subscribe(
        _ recipient: NodeID,
        _ name: String,
        _ context: OpaquePointer?
    ) throws(ReportError) -> OpaquePointer? {
        var subscription: OpaquePointer?
        var code = jsErrCode(rawValue: 0)
        let status = name.withCString { name in
            var options = jsSubOptions()
            jsSubOptions_Init(&options)
            options.Stream = name
            return js_PullSubscribe(
                &subscription,
                context,
                PipeSubject.filter(for: recipient),
                "node-\(recipient.key.hex)",
                nil,
                &options,
                &code
            )
        }
        do throws(ReportError) {
            try NATSFault.check(status, "the stream \(name)", code: code)
        } catch {
            throw error.code == .notFound ? missing(name) : error
        }
        return subscription
    }

    private static func missing(_ name: String) -> ReportError {
        ReportError(
            .notFound,
            "NATS has no stream \(name)",
            hint: "make it once: reportctl nats init --url …"
        )
    }

    /// Runs a call that waits for the server.
    private func call<T: Sendable>(
        _ body: @escaping @Sendable (Handles) throws(ReportError) -> T
    ) async throws(ReportError) -> T {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<T, ReportError>, Never>) in
            queue.async { [handles] in
                do throws(ReportError) {
                    continuation.resume(returning: .success(try body(handles)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    package func publish(
        _ payload: [UInt8],
        header: PartHeader,
        to subject: PipeSubject
    ) async throws(ReportError) {
        let name = name
        try await call { handles throws(ReportError) in
            for attempt in 1... {
                do throws(ReportError) {
                    return try Self.publish(payload, header, subject, name, handles)
                } catch {
                    // The identifier lets the server drop what it has.
                    guard error.code == .timedOut, attempt < Self.publishAttemptCount else {
                        throw error
                    }
                }
            }
        }
    }

    private static func publish(
        _ payload: [UInt8],
        _ header: PartHeader,
        _ subject: PipeSubject,
        _ name: String,
        _ handles: Handles
    ) throws(ReportError) {
        var message: OpaquePointer?
        let made = payload.withUnsafeBytes { bytes in
            natsMsg_Create(
                &message,
                subject.text,
                nil,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                CInt(bytes.count)
            )
        }
        try NATSFault.check(made, "no memory for a message")
        defer { natsMsg_Destroy(message) }
        try NATSFault.check(
            natsMsgHeader_Set(message, PartHeader.name, header.text),
            "the header of a message"
        )
        var code = jsErrCode(rawValue: 0)
        let status = name.withCString { name in
            "\(header.transfer)-\(header.index)".withCString { identifier in
                var options = jsPubOptions()
                jsPubOptions_Init(&options)
                options.MaxWait = callMilliseconds
                options.MsgId = identifier
                options.ExpectStream = name
                return js_PublishMsg(nil, handles.context, message, &options, &code)
            }
        }
        try NATSFault.check(status, "NATS did not take a message", code: code)
    }

    package func receive(within milliseconds: Int) async throws(ReportError) -> [ReceivedMessage] {
        try await call { handles throws(ReportError) in
            var list = natsMsgList()
            var code = jsErrCode(rawValue: 0)
            let status = natsSubscription_Fetch(
                &list,
                handles.subscription,
                Self.batchCount,
                Int64(max(1, milliseconds)),
                &code
            )
            defer { natsMsgList_Destroy(&list) }
            // None within that time.
            if status == NATS_TIMEOUT { return [] }
            try NATSFault.check(status, "NATS gave no messages", code: code)
            return (0..<Int(list.Count)).compactMap { list.Msgs[$0].map { Self.received($0) } }
        }
    }

    private static func received(_ message: OpaquePointer) -> ReceivedMessage {
        var value: UnsafePointer<CChar>?
        let hasHeader = natsMsgHeader_Get(message, PartHeader.name, &value) == NATS_OK
        let bytes = UnsafeRawBufferPointer(
            start: natsMsg_GetData(message),
            count: Int(natsMsg_GetDataLength(message))
        )
        return ReceivedMessage(
            subject: natsMsg_GetSubject(message).map { String(cString: $0) } ?? "",
            header: hasHeader ? value.map { String(cString: $0) } : nil,
            payload: Array(bytes),
            receipt: natsMsg_GetReply(message).map { String(cString: $0) } ?? ""
        )
    }

    package func settle(_ message: ReceivedMessage) async throws(ReportError) {
        try await call { handles throws(ReportError) in
            // What `natsMsg_Ack` sends; the message itself is gone by now.
            let status = natsConnection_PublishString(handles.connection, message.receipt, "+ACK")
            try NATSFault.check(status, "NATS was not told that a message came")
        }
    }

    /// How many messages wait, by subject.
    /// - Parameter filter: a subject, which may have wildcards.
    /// - Returns: numbers of messages by their subjects.
    /// - Throws: ``ReportError`` `not-found` when there is no such stream.
    package func counts(of filter: String) async throws(ReportError) -> [String: Int] {
        let name = name
        return try await call { handles throws(ReportError) in
            var information: UnsafeMutablePointer<jsStreamInfo>?
            var code = jsErrCode(rawValue: 0)
            let status = filter.withCString { filter in
                var options = jsOptions()
                jsOptions_Init(&options)
                options.Stream.Info.SubjectsFilter = filter
                return js_GetStreamInfo(&information, handles.context, name, &options, &code)
            }
            defer { jsStreamInfo_Destroy(information) }
            do throws(ReportError) {
                try NATSFault.check(status, "the stream \(name)", code: code)
            } catch {
                throw error.code == .notFound ? Self.missing(name) : error
            }
            guard let subjects = information?.pointee.State.Subjects else { return [:] }
            var counts: [String: Int] = [:]
            for index in 0..<Int(subjects.pointee.Count) {
                let row = subjects.pointee.List[index]
                guard let subject = row.Subject else { continue }
                counts[String(cString: subject)] = Int(clamping: row.Msgs)
            }
            return counts
        }
    }

    package func purge(_ subject: PipeSubject) async throws(ReportError) {
        let name = name
        try await call { handles throws(ReportError) in
            var code = jsErrCode(rawValue: 0)
            let status = subject.text.withCString { subject in
                var options = jsOptions()
                jsOptions_Init(&options)
                options.Stream.Purge.Subject = subject
                return js_PurgeStream(handles.context, name, &options, &code)
            }
            try NATSFault.check(status, "older messages cannot be dropped", code: code)
        }
    }

    /// Makes the stream that the pipes of all nodes share: on the servers' disks, each message kept until the
    /// node that it is for fetched it.
    /// - Parameters:
    ///   - replicas: servers that keep it.
    ///   - maximumByteCount: most bytes; nothing more is taken then.
    /// - Returns: whether it was made; false when it is there already.
    /// - Throws: ``ReportError`` `conflict` when there is one of another kind.
    package func make(replicas: Int, maximumByteCount: Int) async throws(ReportError) -> Bool {
        let name = name
        return try await call { handles throws(ReportError) in
            var code = jsErrCode(rawValue: 0)
            var found: UnsafeMutablePointer<jsStreamInfo>?
            defer { jsStreamInfo_Destroy(found) }
            if js_GetStreamInfo(&found, handles.context, name, nil, &code) == NATS_OK {
                guard let settings = found?.pointee.Config?.pointee,
                    settings.Retention == js_WorkQueuePolicy, settings.Replicas >= replicas
                else {
                    throw ReportError(
                        .conflict,
                        "there is a stream \(name) of another kind, or with fewer replicas",
                        hint: "remove it with the tools of NATS, or give another name by --stream"
                    )
                }
                return false
            }
            let status = name.withCString { name in
                "\(PipeSubject.root).*.*.*".withCString { subject in
                    var subjects: [UnsafePointer<CChar>?] = [subject]
                    return subjects.withUnsafeMutableBufferPointer { subjects in
                        var settings = jsStreamConfig()
                        jsStreamConfig_Init(&settings)
                        settings.Name = name
                        settings.Subjects = subjects.baseAddress
                        settings.SubjectsLen = 1
                        settings.Retention = js_WorkQueuePolicy
                        settings.Discard = js_DiscardNew
                        settings.Storage = js_FileStorage
                        settings.Replicas = Int64(replicas)
                        settings.MaxBytes = Int64(maximumByteCount)
                        return js_AddStream(nil, handles.context, &settings, nil, &code)
                    }
                }
            }
            try NATSFault.check(status, "the stream \(name) cannot be made", code: code)
            return true
        }
    }
}
