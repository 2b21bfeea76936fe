using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Local.Commands;

/// <summary><c>key NAME</c>: draws an API key, and says what the settings have of it. Nothing is stored.</summary>
internal static class KeyCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The caller's name: lower-case letters, digits and dashes, at most 40." };
        var command = new Command("key", "Draw an API key for a caller; its hash goes into the settings.") { name };
        command.SetAction((parsed, _) => CommandRun.GuardAsync(async () =>
        {
            var caller = parsed.GetValue(name)!;
            if (!Caller.IsName(caller))
            {
                throw new TalkException(ErrorCode.ArgumentInvalid, $"'{caller}' is no name. Give lower-case letters, digits and dashes, at most 40.");
            }

            var key = ApiKeys.New();
            await Console.Out.WriteLineAsync(key);
            await Console.Error.WriteLineAsync(
                $"Give this key to {caller}; it is shown once. For the server, add to {ApiKeys.Variable}, behind a comma if there is something:\n"
                + $"{caller}={ApiKeys.HashOf(key)}");
        }));
        return command;
    }
}
