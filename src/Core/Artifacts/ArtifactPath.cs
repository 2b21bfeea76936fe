using System.Text.RegularExpressions;

namespace WanTalk.Core.Artifacts;

/// <summary>
/// The name of an artifact: relative, with forward slashes, each segment of lower-case letters, digits, dot, dash and underscore, never
/// starting with a dot. Anything else is refused, so that no name can leave its store.
/// </summary>
public readonly partial record struct ArtifactPath
{
    /// <summary>Checks and wraps a name.</summary>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    public ArtifactPath(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length > 400 || !Pattern().IsMatch(value))
        {
            throw new ArgumentException($"'{value}' is not an artifact name.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The name itself.</summary>
    public string Value { get; }

    /// <summary>The name of something below this one.</summary>
    public static ArtifactPath operator /(ArtifactPath parent, string child) => new($"{parent.Value}/{child}");

    /// <summary>The name of something below this one.</summary>
    public static ArtifactPath Divide(ArtifactPath left, string right) => left / right;

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"^[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
