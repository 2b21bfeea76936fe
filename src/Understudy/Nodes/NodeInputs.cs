using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes;

/// <summary>The values of a node's inputs: decimal for INT, double for FLOAT, string, bool, or what another node gave.</summary>
internal sealed class NodeInputs(IReadOnlyDictionary<string, object?> values)
{
    public IReadOnlyDictionary<string, object?> Values { get; } = values;

    public int Int(string name) => checked((int)Get<decimal>(name));

    public long Long(string name) => checked((long)Get<decimal>(name));

    public ulong Unsigned(string name) => checked((ulong)Get<decimal>(name));

    public double Float(string name) => Get<double>(name);

    public string Text(string name) => Get<string>(name);

    public bool Flag(string name) => Get<bool>(name);

    /// <summary>The value of an input that must be there.</summary>
    public T Get<T>(string name) => Values.GetValueOrDefault(name) is T value
        ? value
        : throw new NodeException("TypeError", $"Input {name} is not what this node works with.");

    /// <summary>The value of an input that may be absent.</summary>
    public T? Find<T>(string name)
        where T : class => Values.GetValueOrDefault(name) as T;
}
