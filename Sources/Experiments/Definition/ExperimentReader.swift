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
    ) throws(InputError) {
        let document = try DocumentNode(yaml: text, file: file)
        let keys = try document.mapping(of: ["title", "about", "run", "fixed", "vary", "also", "repeats", "plots"])
        let kind: Kind = try keys["run"]?.choice() ?? .requests
        let settings = known(kind)
        var further: [[String: Label]] = []
        for entry in try keys["also"]?.list() ?? [] { further.append(try Self.labels(entry, settings)) }
        self.init(
            name: name, title: try keys["title"]?.string() ?? name, about: try keys["about"]?.string() ?? "",
            kind: kind,
            fixed: try keys["fixed"].map { node throws(InputError) in try Self.labels(node, settings) } ?? [:],
            varied: try Self.varied(keys["vary"], settings), further: further,
            repeats: try keys["repeats"]?.integer(in: Self.repeatsRange) ?? 3,
            plots: try Self.plots(keys["plots"]))
    }

    private static func labels(_ node: DocumentNode, _ known: [String]) throws(InputError) -> [String: Label] {
        var labels: [String: Label] = [:]
        _ = try node.mapping(of: known)
        for member in try node.members() { labels[member.key] = try Label(member.value) }
        return labels
    }

    private static func varied(
        _ node: DocumentNode?, _ known: [String]
    ) throws(InputError) -> [(name: String, values: [Label])] {
        guard let node else { return [] }
        _ = try node.mapping(of: known)
        var result: [(name: String, values: [Label])] = []
        for member in try node.members() {
            var labels: [Label] = []
            for entry in try member.value.oneOrMore() { labels.append(try Label(entry)) }
            guard !labels.isEmpty else { throw member.value.error(expected: "one or more values") }
            result.append((member.key, labels))
        }
        return result
    }

    private static func plots(_ node: DocumentNode?) throws(InputError) -> [Plot] {
        var plots: [Plot] = []
        for entry in try node?.list() ?? [] { plots.append(try plot(entry)) }
        return plots
    }

    private static func plot(_ node: DocumentNode) throws(InputError) -> Plot {
        let keys = try node.mapping(of: [
            "file", "title", "shape", "table", "x", "y", "series", "marks", "only", "scale", "x_title", "y_title",
        ])
        guard let file = try keys["file"]?.string(), !file.isEmpty, !file.contains("/") else {
            throw node.error("a plot must have 'file': the picture's name, without a directory")
        }
        guard let x = try keys["x"]?.string(), let y = try keys["y"]?.string() else {
            throw node.error("a plot must have 'x', a setting, and 'y', a quantity")
        }
        var only: [String: Label] = [:]
        for member in try keys["only"]?.members() ?? [] { only[member.key] = try Label(member.value) }
        return Plot(
            file: file, title: try keys["title"]?.string() ?? "\(y) by \(x)",
            shape: try keys["shape"]?.choice() ?? .lines,
            table: try keys["table"]?.string() ?? Row.results, x: x, y: y, series: try keys["series"]?.string(),
            marks: try keys["marks"]?.string(), only: only,
            isLogarithmic: try keys["scale"]?.choice(of: Scale.self) == .logarithmic,
            xTitle: try keys["x_title"]?.string(), yTitle: try keys["y_title"]?.string())
    }

    private enum Scale: String, CaseIterable {
        case linear, logarithmic
    }
}
