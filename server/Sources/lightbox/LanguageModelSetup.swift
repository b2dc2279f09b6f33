import LanguageModels
import Logging
import Workflows

extension Configuration {
    /// The language model that an operator named, or nil where there is none.
    ///
    /// - Parameters:
    ///   - endpoint: its server; nil for the one that is configured.
    ///   - name: the model's name; nil for the one that is configured.
    /// - Throws: ``Exit`` that says what is wrong with the settings.
    func languageModel(
        endpoint: String? = nil, name: String? = nil, logger: Logger
    ) throws -> OpenAICompatibleModel? {
        guard let primary = endpoint ?? assistantEndpoint else { return nil }
        let name = name ?? assistantModel
        guard assistantTokenLimit <= assistantContextTokens / 2 else {
            throw Exit(
                .configuration,
                "assistant.max-tokens: must be at most half of assistant.context-tokens, or little is left for the question"
            )
        }
        return OpenAICompatibleModel(
            primary: try Self.endpoint(primary, name, "assistant.endpoint", self),
            secondary: try assistantSecondaryEndpoint.map {
                try Self.endpoint($0, name, "assistant.secondary-endpoint", self)
            },
            deadlines: ModelDeadlines(
                firstToken: assistantFirstTokenTimeout, betweenTokens: assistantFirstTokenTimeout,
                whole: assistantTimeout),
            keepsPrefix: assistantKeepsPrefix, logger: logger)
    }

    private static func endpoint(
        _ url: String, _ name: String, _ setting: String, _ configuration: Configuration
    ) throws -> ModelEndpoint {
        do throws(ModelEndpoint.Mistake) {
            return try ModelEndpoint(
                url: url, modelName: name, tokenFile: configuration.assistantTokenFile,
                slots: configuration.assistantSlots)
        } catch {
            throw Exit(.configuration, "\(setting): \(error)")
        }
    }
}
