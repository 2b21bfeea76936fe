using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>Sends messages to sockets: to that of a client; to all of them if the client is null; to none if it has no socket.</summary>
internal interface IMessageSender
{
    /// <summary>Whether anybody would hear.</summary>
    bool IsHeard(string? clientId);

    /// <summary>Whether the client asked for previews that say where they belong; never if the client is null.</summary>
    bool WantsPreviewMetadata(string? clientId);

    void Send(string? clientId, string type, JsonObject data);

    void SendBinary(string? clientId, byte[] message);
}
