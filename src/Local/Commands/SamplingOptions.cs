using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;

namespace WanTalk.Local.Commands;

/// <summary>The sampling settings as options: <c>--blocks-to-swap</c> for <c>blocks_to_swap</c>.</summary>
internal sealed class SamplingOptions
{
    private readonly List<(SamplingField Field, Option<string?> Option)> _options =
        [.. SamplingField.All.Select(field => (field, OptionFor(field)))];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads those that were given.</summary>
    /// <exception cref="RefusedException">Some cannot be read.</exception>
    public SamplingDraft Read(ParseResult parsed)
    {
        var (draft, problems) = (SamplingDraft.Empty, new List<TalkError>());
        foreach (var (field, option) in _options)
        {
            if (parsed.GetValue(option) is { } text)
            {
                draft = field.Read(draft, text, problems);
            }
        }

        return problems.Count == 0 ? draft : throw new RefusedException(problems);
    }

    private static Option<string?> OptionFor(SamplingField field) =>
        new($"--{field.Name.Replace('_', '-')}") { Description = $"{field.Description} Give {field.Expected}.", HelpName = "VALUE" };
}
