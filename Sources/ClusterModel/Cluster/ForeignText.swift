extension String {
    /// The text of another program, fit to be shown: its control characters would act on a terminal.
    public var withoutControls: String {
        // Nearly all is ASCII, and asked for at every frame.
        let isPlain = utf8.withContiguousStorageIfAvailable { bytes in
            for byte in bytes where !(0x20..<0x7F).contains(byte) { return false }
            return true
        }
        if isPlain == true { return self }
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars { text.append(scalar.isControl ? "\u{FFFD}" : scalar) }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// C0, DEL, C1, and what turns the direction of writing round.
    fileprivate var isControl: Bool {
        switch value {
        case ..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
