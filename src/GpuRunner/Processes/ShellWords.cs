using System.Text;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Processes;

/// <summary>Splits a text into words as a shell does with plain words, quotes and backslashes; nothing is expanded.</summary>
public static class ShellWords
{
    /// <summary>The words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What the text is called, for the error.</param>
    /// <exception cref="TalkException">A quote is not closed, or a backslash is the last character.</exception>
    public static IReadOnlyList<string> Split(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quote != '\0' && character == quote)
            {
                quote = '\0';
            }
            else if (character == '\\' && quote != '\'')
            {
                (word ??= new StringBuilder()).Append(++at < text.Length ? text[at] : throw Unfinished(name, "a backslash at its end"));
            }
            else if (quote == '\0' && (character is '\'' or '"'))
            {
                quote = character;
                word ??= new StringBuilder();
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                AddTo(words, ref word);
            }
            else
            {
                (word ??= new StringBuilder()).Append(character);
            }
        }

        if (quote != '\0')
        {
            throw Unfinished(name, $"a {quote} that is not closed");
        }

        AddTo(words, ref word);
        return words;
    }

    private static void AddTo(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }

    private static TalkException Unfinished(string name, string what) => new(ErrorCode.ArgumentInvalid, $"{name} has {what}. Correct it.");
}
