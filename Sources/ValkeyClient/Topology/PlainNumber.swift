/// Numbers in plain digits, as servers write them.
enum PlainNumber {
    /// Nil for what is empty, is not digits alone, or exceeds `max`.
    static func read(_ text: some Collection<UInt8>, max: Int = .max) -> Int? {
        guard !text.isEmpty else { return nil }
        var number = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (tens, isOver) = number.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isOver, !isOverToo, sum <= max else { return nil }
            number = sum
        }
        return number
    }
}
