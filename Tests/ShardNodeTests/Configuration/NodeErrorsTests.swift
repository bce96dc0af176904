import GRDB
import HostSystem
import NIOCore
import NIOPosix
import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct NodeErrorsTests {
    @Test func whatLibrariesThrowIsToldInWords() async {
        #expect(NodeErrors.words(DatabaseError(resultCode: .SQLITE_FULL)) == "database or disk is full")
        #expect(NodeErrors.words(IOError(errnoCode: 104, reason: "read")) == "connection reset by peer")
        #expect(NodeErrors.words(ChannelError.connectTimeout(.seconds(1))) == "no answer in time")
        #expect(NodeErrors.words(ChannelError.eof) == "the connection was closed")
        #expect(NodeErrors.words(PeerFrameError.tooLong(bytes: 7)).contains("a frame of 7 bytes"))
        let error = await #expect(throws: (any Error).self) {
            try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: 1).get()
        }
        #expect(error.map(NodeErrors.words) == "connection refused")
    }
}
