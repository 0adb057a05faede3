// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine
public import SwitchIR

/// Configures an engine from files, by the names its program has.
///
/// Every problem of a file is reported, not the first alone; an engine that any problem was found for is not to
/// be started.
public struct ControlPlane: Sendable {
    /// The program's objects by name.
    public let names: ProgramNames

    /// The control plane of engines that run `program`.
    public init(_ program: SwitchProgram) { names = ProgramNames(program) }

    /// P4Runtime's larger priorities win, the engine's smaller ones do. Entries from the command line, with
    /// small numbers, win over all of them, as in simple_switch.
    static func enginePriority(_ runtimePriority: Int) -> Int { Int(Int32.max) - runtimePriority }

    func needsPriority(_ table: Int) -> Bool {
        names.program.tables[table].keys.contains { $0.match != .exact && $0.match != .lpm }
    }

    /// The values of an action's parameters in order, with `value` giving the text for each.
    func call(_ action: Int, _ value: (ParameterSchema) throws(InputError) -> BitString) throws(InputError)
        -> ActionCall
    {
        var arguments: [BitString] = []
        for parameter in names.program.actions[action].parameters {
            do {
                arguments.append(try value(parameter))
            } catch {
                throw InputError(
                    "parameter \(parameter.name) of \(names.program.actions[action].name): \(error.message)")
            }
        }
        return ActionCall(action: action, arguments: arguments)
    }
}

/// Runs an engine's call, whose refusal then counts as the entry's.
func engineCall<Result>(_ body: () throws(EngineError) -> Result) throws(InputError) -> Result {
    do {
        return try body()
    } catch {
        throw InputError("\(error)")
    }
}
