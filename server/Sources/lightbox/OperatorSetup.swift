import Foundation
import OperatorAccess
import SQLiteStore
import WebAPI
import Workflows

/// Puts together who may use the operators' addresses.
enum OperatorSetup {
    static func desk(
        _ configuration: Configuration, database: SQLiteDatabase, audit: any Audit, now: @escaping @Sendable () -> Date
    ) async throws -> OperatorDesk {
        let store = SQLiteOperatorStore(database)
        let access: OperatorDirectory
        do {
            access = try await OperatorDirectory(
                token: try token(configuration), tokensFile: configuration.operatorTokensFile,
                identity: try identity(configuration), now: { Date() })
        } catch let error as OperatorAccessFault {
            throw Exit(.unavailable, error.description)
        }
        do throws(Fault) {
            return OperatorDesk(
                access: access, store: store,
                maintenance: try await MaintenanceSwitch(store: store, audit: audit, now: now))
        } catch {
            throw Exit(.unavailable, "The data folder \(configuration.dataDirectory) can't be used: \(error)")
        }
    }

    private static func token(_ configuration: Configuration) throws -> String? {
        guard let file = configuration.operatorTokenFile else { return nil }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Exit(.unavailable, "The file of the operator's token can't be read: \(file)")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.utf8.count >= 16 else {
            throw Exit(.unavailable, "The operator's token in \(file) is shorter than 16 characters.")
        }
        return token
    }

    private static func identity(_ configuration: Configuration) throws -> IdentityTokens.Settings? {
        switch (configuration.operatorIssuer, configuration.operatorKeysFile) {
        case (nil, nil): return nil
        case (let issuer?, let file?):
            return IdentityTokens.Settings(
                issuer: issuer, audience: configuration.operatorAudience, keysFile: file,
                roleClaim: configuration.operatorRoleClaim)
        default:
            throw Exit(
                .configuration, "operator.oidc.issuer and operator.oidc.jwks-file are needed together, or neither.")
        }
    }
}
