extension Duration {
    /// Whole ones; 0 of a negative duration.
    var milliseconds: UInt64 { microseconds / 1_000 }

    /// Whole ones; 0 of a negative duration.
    var microseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        return UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds) / 1_000_000_000_000
    }
}
