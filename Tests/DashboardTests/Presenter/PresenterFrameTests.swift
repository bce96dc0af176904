import ClusterModel
import TerminalUI
import Testing

@testable import Dashboard

/// The presenter's view as text, compared with files that were looked at.
@Suite(.serialized) struct PresenterFrameTests {
    static var screens: [String: DashboardModel] { PresenterScreens.all }

    @Test(arguments: screens.keys.sorted())
    func aScreenLooksAsItDidWhenItWasLookedAt(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in GoldenFrameTests.sizes {
            await Task.yield()
            let text = Drawing(model, theme: .standard()).canvas(size).text
            try GoldenFile.compare(text, "Presenter/\(name)-\(size.width)x\(size.height)")
        }
    }

    @Test(arguments: ["overview", "broadcast-moving", "proved", "slots-moving"])
    func aScreenOfASCIIHasNothingElse(name: String) throws {
        let model = try #require(Self.screens[name])
        for size in [Size(width: 80, height: 24), Size(width: 120, height: 35), Size(width: 200, height: 60)] {
            let text = Drawing(model, theme: .standard(isASCII: true)).canvas(size).text
            #expect(text.utf8.allSatisfy { $0 < 0x80 })
            try GoldenFile.compare(text, "Presenter/\(name)-ascii-\(size.width)x\(size.height)")
        }
    }

    @Test(arguments: screens.keys.sorted())
    func theMonoThemeHasNoColourAndTheSameText(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in GoldenFrameTests.sizes {
            await Task.yield()
            let canvas = Drawing(model, theme: .named(.mono)).canvas(size)
            #expect(canvas.cells.allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
            #expect(canvas.text == Drawing(model, theme: .named(.light)).canvas(size).text)
        }
    }

    /// The styles whose contrast is held are all there are.
    @Test(arguments: screens.keys.sorted())
    func everyStyleIsOneOfTheTheme(name: String) async throws {
        let model = try #require(Self.screens[name])
        for theme in ThemeName.allCases.map({ Theme.named($0) }) {
            let colors = Set(
                ([theme.plain, theme.strong, theme.muted, theme.frame, theme.accent, theme.good, theme.warning]
                    + [theme.bad, theme.title, theme.track.style] + theme.shards).map(\.foreground))
            for size in GoldenFrameTests.sizes {
                await Task.yield()
                let canvas = Drawing(model, theme: theme).canvas(size)
                #expect(canvas.cells.allSatisfy { colors.contains($0.style.foreground) })
            }
        }
    }

    /// Somebody in the last row reads no dim words: all that is said there is plain or stronger.
    @Test func noSentenceIsDim() throws {
        for (name, model) in Self.screens where model.overlay == nil && model.replay == nil {
            let theme = Theme.named(.mono)
            let canvas = Drawing(model, theme: theme).canvas(Size(width: 120, height: 35))
            for y in 1..<34 {
                for x in 0..<120 where canvas[x: x, y: y].style.attributes.contains(.dim) {
                    #expect(!canvas[x: x, y: y].character.isLetter, "\(name), row \(y)")
                }
            }
        }
    }

    @Test func randomClustersAtRandomSizesAreDrawn() async {
        for seed in 1...60 {
            await Task.yield()
            var random = RandomCluster(seed: UInt64(seed))
            var model = Fixture.model(random.snapshot())
            model.isPresenting = true
            for _ in 0..<8 {
                let size = Size(width: 1 + random.next(230), height: 1 + random.next(70))
                let canvas = Drawing(model, theme: .standard(isASCII: random.next(2) == 0)).canvas(size)
                #expect(canvas.cells.count == size.width * size.height)
                #expect(canvas.regions.allSatisfy { canvas.bounds.intersection($0.rect) == $0.rect })
            }
        }
    }

    /// The sentence is what remains at the least size.
    @Test(arguments: screens.keys.sorted().filter { !["dialog-reshard", "command"].contains($0) })
    func theSentenceIsThereAtEverySize(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in GoldenFrameTests.sizes {
            await Task.yield()
            let text = Drawing(model, theme: .standard()).canvas(size).text
            var drawing = Drawing(model, theme: .standard())
            drawing.useLetters()
            let words = drawing.narration.sentence.split(separator: " ").prefix(5).joined(separator: " ")
            let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            // Large letters stand between its lines.
            #expect(size.height >= 32 || flat.contains(words), "\(name) at \(size.width)x\(size.height): \(words)")
        }
    }
}
