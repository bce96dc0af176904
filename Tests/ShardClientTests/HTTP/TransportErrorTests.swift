import NIOCore
import Testing

@testable import ShardClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What of a failure is told of the node, and what of this program.
@Suite struct TransportErrorTests {
    @Test(arguments: [EMFILE, ENFILE])
    func `a process that may open no more files says so of itself`(code: Int32) {
        let error = TransportError(IOError(errnoCode: code, reason: "socket"))
        #expect(error == .outOfFiles)
        #expect(error.isUnsent)
        #expect(error.description == "not asked: this program may open no more files; allow it more with 'ulimit -n'")
    }

    @Test func `a connection that broke is the node's`() {
        let error = TransportError(IOError(errnoCode: ECONNRESET, reason: "read"))
        #expect(!error.isUnsent)
    }
}
