import NIOCore
import ReportModel
import ReportWire
import Testing

@Suite("Replies")
struct ReplyTests {
    private func text(_ reply: Reply) -> String {
        var buffer = ByteBuffer()
        reply.write(to: &buffer)
        return String(buffer: buffer)
    }

    @Test("the bytes on the wire stay what they are")
    func golden() {
        #expect(text(.text("pong")) == "+OK text/plain 4\npong\n")
        #expect(text(.json(["next": nil])) == "+OK application/json 13\n{\"next\":null}\n")
        #expect(
            text(.error(ReportError(.notFound, "没有 50% 的\n记录", hint: "x")))
                == "-ERR not-found 没有 50%25 的 记录%0Ax\n"
        )
        #expect(
            text(.error(.notFound, message: "没有 50% 的\n记录"))
                == "-ERR not-found 没有 50%25 的%0A记录\n"
        )
    }

    @Test("a hint arrives as a hint, and nothing else is taken for one")
    func hints() {
        let said = ReportError(.usage, "two\nlines", hint: "do\nthat")
        guard case .error(let code, let message) = Reply.error(said) else {
            Issue.record("no error")
            return
        }
        let error = Reply.reportError(code, message: message)
        #expect(error.message == "two lines" && error.hint == "do\nthat")
        #expect(Reply.reportError(.usage, message: "plain").hint == nil)
        #expect(Reply.reportError(.usage, message: "plain\n").hint == nil)
    }

    @Test("a message longer than a line is cut at a scalar")
    func longMessage() {
        let line = text(.error(.internal, message: String(repeating: "麻", count: 3000)))
        #expect(line.utf8.count <= WireLimits.maximumLineByteCount)
        #expect(line.hasSuffix("麻\n"))
    }

    @Test("a code of a later version is internal here")
    func unknownCode() throws {
        let processor = NIOSingleStepByteToMessageProcessor(ReplyDecoder())
        var replies: [Reply] = []
        try processor.process(buffer: ByteBuffer(string: "-ERR moonstruck a b\n-ERR usage\n")) {
            replies.append($0)
        }
        #expect(replies == [.error(.internal, message: "a b"), .error(.usage, message: "")])
    }

    @Test(
        "what is no reply",
        arguments: [
            "+OK\n", "+OK text/plain\n", "+OK text/plain x\n", "+OK text/plain 1\nab",
            "+OK text/html 1\na\n",
            "OK text/plain 0\n\n", "+OK text/plain 999999999999\n", "\n", "+OK text/plain 5\nabc",
            "-ERR usage %4\n",
        ]
    )
    func mustFail(text: String) {
        let processor = NIOSingleStepByteToMessageProcessor(ReplyDecoder())
        #expect(throws: WireError.self) {
            try processor.process(buffer: ByteBuffer(string: text)) { _ in }
            try processor.finishProcessing(seenEOF: true) { _ in }
        }
    }
}
