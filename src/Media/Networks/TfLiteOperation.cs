namespace WanTalk.Media.Networks;

/// <summary>The operations that the two networks are made of, with TFLite's numbers (BuiltinOperator in its schema.fbs).</summary>
internal enum TfLiteOperation
{
    Add = 0,
    Concatenation = 2,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    MaxPool2D = 17,
    Relu = 19,
    Reshape = 22,
    Pad = 34,
    PRelu = 54,
}
