/// The protocol of a server that does not speak RESP where it should, by the first byte that it sends.
enum ForeignAnswer: Equatable {
    case tls, http, ssh, other

    init(firstByte: UInt8) {
        switch firstByte {
        case 0x14...0x17: self = .tls
        // A server that takes the request for HTTP/0.9 sends the page alone.
        case UInt8(ascii: "H"), UInt8(ascii: "<"): self = .http
        case UInt8(ascii: "S"): self = .ssh
        default: self = .other
        }
    }

    func error(at server: ServerAddress) -> ServerError {
        switch self {
        case .tls:
            ServerError(
                .wrongProtocol, at: server, "it speaks TLS, and plain text was sent to it",
                advice: "Use valkeys:// or rediss:// instead of valkey:// or redis://.")
        case .http:
            ServerError(
                .wrongProtocol, at: server, "it is an HTTP server, not Valkey or Redis",
                advice: "See whether host and port are right.")
        case .ssh:
            ServerError(
                .wrongProtocol, at: server, "it speaks another protocol, SSH by the looks of it",
                advice: "See whether host and port are right.")
        case .other:
            ServerError(
                .wrongProtocol, at: server, "it answers, but neither as Valkey nor as Redis",
                advice: "See whether host and port are right.")
        }
    }

    static func plainText(at server: ServerAddress) -> ServerError {
        ServerError(
            .wrongProtocol, at: server, "it speaks plain text, and TLS was spoken to it",
            advice: "Use valkey:// or redis:// instead of valkeys:// or rediss://.")
    }
}
