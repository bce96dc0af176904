import NIOCore

/// Writes commands as servers read them: an array of texts, the same in RESP2 and RESP3.
enum RESPEncoder {
    static func encode(_ commands: [Command]) -> ByteBuffer {
        let size = commands.reduce(0) { $0 + encodedBytesMax($1) }
        var buffer = ByteBufferAllocator().buffer(capacity: size)
        for command in commands {
            write(count: command.arguments.count, after: "*", into: &buffer)
            for argument in command.arguments {
                write(count: argument.count, after: "$", into: &buffer)
                buffer.writeBytes(argument)
                buffer.writeStaticString("\r\n")
            }
        }
        return buffer
    }

    /// As much or a little more than it will take.
    static func encodedBytesMax(_ command: Command) -> Int {
        command.arguments.reduce(16) { $0 + $1.count + 16 }
    }

    private static func write(count: Int, after type: StaticString, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(type)
        buffer.writeString(String(count))
        buffer.writeStaticString("\r\n")
    }
}
