// SPDX-License-Identifier: Apache-2.0

public import Documents

extension Experiment {
    /// Fewer would give no error bars, more than these no end.
    static let repeatsRange = 1...1000

    /// Reads an experiment's YAML file.
    /// - Parameters:
    ///   - name: the file's, without its ending.
    ///   - known: the settings that the runs of each kind understand.
    public init(
        parsing text: String, file: String, name: String, known: (Kind) -> [String]
    ) throws(SettingsError) {
        let document = try Settings(parsing: text, file: file)
        let keys = try document.mapping(of: ["title", "about", "run", "fixed", "vary", "also", "repeats", "plots"])
        let kind: Kind = try keys["run"]?.choice() ?? .requests
        let settings = known(kind)
        var further: [[String: Label]] = []
        for entry in try keys["also"]?.list() ?? [] { further.append(try Self.labels(entry, settings)) }
        self.init(
            name: name, title: try keys["title"]?.text() ?? name, about: try keys["about"]?.text() ?? "", kind: kind,
            fixed: try keys["fixed"].map { node throws(SettingsError) in try Self.labels(node, settings) } ?? [:],
            varied: try Self.varied(keys["vary"], settings), further: further,
            repeats: try keys["repeats"]?.integer(in: Self.repeatsRange) ?? 3,
            plots: try Self.plots(keys["plots"]))
    }

    private static func labels(_ node: Settings, _ known: [String]) throws(SettingsError) -> [String: Label] {
        var labels: [String: Label] = [:]
        for (name, value) in try node.mapping(of: known) { labels[name] = Label(try value.text()) }
        return labels
    }

    private static func varied(
        _ node: Settings?, _ known: [String]
    ) throws(SettingsError) -> [(name: String, values: [Label])] {
        guard let node else { return [] }
        _ = try node.mapping(of: known)
        var result: [(name: String, values: [Label])] = []
        for (name, value) in try node.members() {
            var labels: [Label] = []
            for entry in try value.oneOrMore() { labels.append(Label(try entry.text())) }
            guard !labels.isEmpty else { throw value.error("'\(name)' is varied over no value") }
            result.append((name, labels))
        }
        return result
    }

    private static func plots(_ node: Settings?) throws(SettingsError) -> [Plot] {
        var plots: [Plot] = []
        for entry in try node?.list() ?? [] { plots.append(try plot(entry)) }
        return plots
    }

    private static func plot(_ node: Settings) throws(SettingsError) -> Plot {
        let keys = try node.mapping(of: [
            "file", "title", "shape", "table", "x", "y", "series", "marks", "only", "scale", "x_title", "y_title",
        ])
        guard let file = try keys["file"]?.text(), !file.isEmpty, !file.contains("/") else {
            throw node.error("a plot needs 'file': the picture's name, without a directory")
        }
        guard let x = try keys["x"]?.text(), let y = try keys["y"]?.text() else {
            throw node.error("a plot needs 'x', a variable, and 'y', a quantity")
        }
        var only: [String: Label] = [:]
        for (name, value) in try keys["only"]?.members() ?? [] { only[name] = Label(try value.text()) }
        return Plot(
            file: file, title: try keys["title"]?.text() ?? "\(y) by \(x)",
            shape: try keys["shape"]?.choice() ?? .lines,
            table: try keys["table"]?.text() ?? Row.results, x: x, y: y, series: try keys["series"]?.text(),
            marks: try keys["marks"]?.text(), only: only,
            isLogarithmic: try keys["scale"]?.choice(of: Scale.self) == .logarithmic,
            xTitle: try keys["x_title"]?.text(), yTitle: try keys["y_title"]?.text())
    }

    private enum Scale: String, CaseIterable {
        case linear, logarithmic
    }
}
